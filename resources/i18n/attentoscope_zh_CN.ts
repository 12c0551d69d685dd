<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_GB">
<context>
    <name>Axis</name>
    <message>
        <source>⟨start⟩</source>
        <translation>⟨开始⟩</translation>
    </message>
    <message>
        <source>⟨end⟩</source>
        <translation>⟨结束⟩</translation>
    </message>
    <message>
        <source>⟨empty⟩</source>
        <translation>⟨空⟩</translation>
    </message>
    <message>
        <source>source</source>
        <translation>源句</translation>
    </message>
    <message>
        <source>read target</source>
        <translation>读入的目标词</translation>
    </message>
    <message>
        <source>target</source>
        <translation>目标句</translation>
    </message>
    <message>
        <source>words</source>
        <translation>词</translation>
    </message>
    <message>
        <source>sentences</source>
        <translation>句子</translation>
    </message>
    <message>
        <source>regions</source>
        <translation>图像区域</translation>
    </message>
    <message>
        <source>memory slots</source>
        <translation>记忆槽</translation>
    </message>
    <message>
        <source>hops</source>
        <translation>跳数</translation>
    </message>
    <message>
        <source>text</source>
        <translation>全文</translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Models and checkpoints</source>
        <translation>模型与检查点</translation>
    </message>
    <message>
        <source>Attention and word alignments</source>
        <translation>注意力与词对齐</translation>
    </message>
    <message>
        <source>Vocabularies</source>
        <translation>词表</translation>
    </message>
    <message>
        <source>Subword models</source>
        <translation>子词模型</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>About Attentoscope</source>
        <translation>关于 Attentoscope</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Attentoscope %1&lt;/h3&gt;&lt;p&gt;Watch a recurrent encoder-decoder attend: every number between the source word and the output word, from a real run.&lt;/p&gt;&lt;p&gt;Free software under the GNU General Public License, version 3 or later, without any warranty.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;Attentoscope %1&lt;/h3&gt;&lt;p&gt;观察循环编码器-解码器如何分配注意力：从源词到输出词之间的每一个数，都来自真实的运行。&lt;/p&gt;&lt;p&gt;自由软件，采用 GNU 通用公共许可证第 3 版或更新版本，不提供任何担保。&lt;/p&gt;</translation>
    </message>
</context>
<context>
    <name>Hypotheses</name>
    <message>
        <source>Score: %1</source>
        <translation>得分：%1</translation>
    </message>
    <message>
        <source>ln p, the sum over its words: %1</source>
        <translation>ln p，各词之和：%1</translation>
    </message>
    <message>
        <source>Word penalty, subtracted from ln p: %1</source>
        <translation>词数惩罚，从 ln p 中减去：%1</translation>
    </message>
    <message>
        <source>Length normalisation, divides ln p: %1</source>
        <translation>长度归一化，ln p 除以：%1</translation>
    </message>
    <message>
        <source>Coverage penalty, added: %1</source>
        <translation>覆盖度惩罚，加上：%1</translation>
    </message>
    <message>
        <source>The limit on steps ended it.</source>
        <translation>因达到步数上限而结束。</translation>
    </message>
    <message>
        <source>%1 · hypothesis %2 of %3</source>
        <translation>%1 · 第 %2 个假设，共 %3 个</translation>
    </message>
</context>
<context>
    <name>Import</name>
    <message>
        <source>used</source>
        <translation>已用</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>misshapen</source>
        <translation>形状不符</translation>
    </message>
    <message>
        <source>unused</source>
        <translation>未用</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>略去</translation>
    </message>
    <message>
        <source>whitespace</source>
        <translation>按空白</translation>
    </message>
    <message>
        <source>spaces</source>
        <translation>按空格</translation>
    </message>
    <message>
        <source>words</source>
        <translation>按词</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>按字</translation>
    </message>
    <message>
        <source>source vocabulary</source>
        <translation>源词表</translation>
    </message>
    <message>
        <source>target vocabulary</source>
        <translation>目标词表</translation>
    </message>
    <message>
        <source>settings</source>
        <translation>设置文件</translation>
    </message>
    <message>
        <source>source pieces</source>
        <translation>源子词模型</translation>
    </message>
    <message>
        <source>target pieces</source>
        <translation>目标子词模型</translation>
    </message>
    <message>
        <source>second file</source>
        <translation>第二个文件</translation>
    </message>
    <message>
        <source>mapping file</source>
        <translation>映射文件</translation>
    </message>
    <message>
        <source>Not recognised</source>
        <translation>未能识别</translation>
    </message>
    <message>
        <source>%1 checkpoint</source>
        <translation>%1 检查点</translation>
    </message>
    <message>
        <source>Complete: it can be opened.</source>
        <translation>完整：可以打开。</translation>
    </message>
    <message>
        <source>Its arrays have none of the names that are known. A mapping file can say what they are: save the draft, fill it in, and choose it here.</source>
        <translation>其中数组的名称都不是已知的。可以用映射文件说明它们是什么：保存草稿，填写后在此选择。</translation>
    </message>
    <message>
        <source>Not complete: choose the files that were not found (%1).</source>
        <translation>不完整：请选择未找到的文件（%1）。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>It cannot be opened as it stands; the faults below say why.</source>
        <translation>目前无法打开；原因见下面的错误。</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 个%2</translation>
    </message>
    <message>
        <source>ln p = %1, %2 a token</source>
        <translation>ln p = %1，每个词元 %2</translation>
    </message>
    <message>
        <source>SentencePiece</source>
        <translation>SentencePiece 子词</translation>
    </message>
    <message>
        <source>Moses</source>
        <translation>Moses 分词</translation>
    </message>
    <message>
        <source>byte pairs (BPE)</source>
        <translation>BPE 子词</translation>
    </message>
</context>
<context>
    <name>Rule</name>
    <message>
        <source>additive</source>
        <translation>加性</translation>
    </message>
    <message>
        <source>location</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>global</source>
        <translation>全局</translation>
    </message>
    <message>
        <source>causal</source>
        <translation>因果</translation>
    </message>
    <message>
        <source>window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>softmax</source>
        <translation>softmax</translation>
    </message>
    <message>
        <source>sparsemax</source>
        <translation>sparsemax</translation>
    </message>
    <message>
        <source>sigmoid</source>
        <translation>sigmoid</translation>
    </message>
    <message>
        <source>hard</source>
        <translation>硬注意力</translation>
    </message>
    <message>
        <source>dot product</source>
        <translation>点积</translation>
    </message>
    <message>
        <source>scaled dot product</source>
        <translation>缩放点积</translation>
    </message>
    <message>
        <source>general (bilinear)</source>
        <translation>通用（双线性）</translation>
    </message>
    <message>
        <source>concatenation</source>
        <translation>拼接</translation>
    </message>
    <message>
        <source>location and key</source>
        <translation>位置与键</translation>
    </message>
    <message>
        <source>local, monotonic</source>
        <translation>局部（单调）</translation>
    </message>
    <message>
        <source>local, predictive</source>
        <translation>局部（预测）</translation>
    </message>
    <message>
        <source>hard monotonic</source>
        <translation>硬单调</translation>
    </message>
    <message>
        <source>1.5-entmax</source>
        <translation>1.5-entmax</translation>
    </message>
    <message>
        <source>%1, D = %2</source>
        <translation>%1，D = %2</translation>
    </message>
    <message>
        <source>%1, temperature %2</source>
        <translation>%1，温度 %2</translation>
    </message>
    <message>
        <source>past</source>
        <translation>仅看过去</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>%1: “%2” is stored, expected %3; %4 is used.</source>
        <translation>%1：存储的是“%2”，应为 %3；现使用 %4。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>Colour scale</source>
        <translation>颜色刻度</translation>
    </message>
    <message>
        <source>Values in cells</source>
        <translation>格中的数值</translation>
    </message>
    <message>
        <source>Largest of each row</source>
        <translation>每行的最大值</translation>
    </message>
    <message>
        <source>Positions out of scope</source>
        <translation>范围外的位置</translation>
    </message>
    <message>
        <source>Reference alignment</source>
        <translation>参考对齐</translation>
    </message>
    <message>
        <source>Steps per second</source>
        <translation>每秒步数</translation>
    </message>
    <message>
        <source>Place of the window</source>
        <translation>窗口的位置</translation>
    </message>
    <message>
        <source>Layout of the panels</source>
        <translation>面板的布局</translation>
    </message>
</context>
<context>
    <name>Site</name>
    <message>
        <source>self-attention of the encoder</source>
        <translation>编码器自注意力</translation>
    </message>
    <message>
        <source>self-attention of the decoder</source>
        <translation>解码器自注意力</translation>
    </message>
    <message>
        <source>cross attention</source>
        <translation>交叉注意力</translation>
    </message>
    <message>
        <source>copying</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>attention to words</source>
        <translation>词级注意力</translation>
    </message>
    <message>
        <source>attention to sentences</source>
        <translation>句级注意力</translation>
    </message>
    <message>
        <source>pooling</source>
        <translation>池化</translation>
    </message>
    <message>
        <source>hops over the memory</source>
        <translation>记忆跳转</translation>
    </message>
    <message>
        <source>summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>%1, layer %2</source>
        <translation>%1，第 %2 层</translation>
    </message>
    <message>
        <source>%1, backward</source>
        <translation>%1，反向</translation>
    </message>
    <message>
        <source>%1, forward</source>
        <translation>%1，正向</translation>
    </message>
    <message>
        <source>no attention</source>
        <translation>无注意力</translation>
    </message>
    <message>
        <source>mean of %1 heads</source>
        <translation>%1 个头的平均</translation>
    </message>
    <message>
        <source>head %1 of %2</source>
        <translation>第 %1 个头，共 %2 个</translation>
    </message>
    <message>
        <source>single head</source>
        <translation>单头</translation>
    </message>
    <message>
        <source>weights from a file</source>
        <translation>文件中的权重</translation>
    </message>
    <message>
        <source>weights of another map</source>
        <translation>沿用另一张图的权重</translation>
    </message>
    <message>
        <source>This model has no attention: all that it knows of the words before is in its state. No word looks at another, so there is no map.</source>
        <translation>此模型没有注意力：它对前文的全部记忆都在自身状态中。词与词之间不相互关注，因此没有图。</translation>
    </message>
    <message>
        <source>This model has no attention: one vector, the encoder&apos;s last states, stands for the whole source at every step. No word is aligned with another, so there is no map.</source>
        <translation>此模型没有注意力：每一步都由一个向量（编码器的最后状态）代表整个源句。词与词之间没有对齐，因此没有图。</translation>
    </message>
</context>
<context>
    <name>States</name>
    <message>
        <source>hidden</source>
        <translation>隐藏状态</translation>
    </message>
    <message>
        <source>cell state</source>
        <translation>细胞状态</translation>
    </message>
    <message>
        <source>reset gate</source>
        <translation>重置门</translation>
    </message>
    <message>
        <source>update gate</source>
        <translation>更新门</translation>
    </message>
    <message>
        <source>input gate</source>
        <translation>输入门</translation>
    </message>
    <message>
        <source>forget gate</source>
        <translation>遗忘门</translation>
    </message>
    <message>
        <source>output gate</source>
        <translation>输出门</translation>
    </message>
    <message>
        <source>candidate</source>
        <translation>候选状态</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>编码器</translation>
    </message>
    <message>
        <source>%1, layer %2</source>
        <translation>%1，第 %2 层</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>%1, cell %2</source>
        <translation>%1，第 %2 个单元</translation>
    </message>
    <message>
        <source>Word encoder</source>
        <translation>词编码器</translation>
    </message>
    <message>
        <source>Sentence encoder</source>
        <translation>句子编码器</translation>
    </message>
    <message>
        <source>%1, backward</source>
        <translation>%1，反向</translation>
    </message>
    <message>
        <source>%1, forward</source>
        <translation>%1，正向</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>%1, second cell</source>
        <translation>%1，第二个单元</translation>
    </message>
</context>
<context>
    <name>StepCards</name>
    <message>
        <source>Score · %1</source>
        <translation>分数 · %1</translation>
    </message>
    <message>
        <source>“%1” is out of scope at this step, so it has no score.</source>
        <translation>“%1”在这一步超出范围，因此没有分数。</translation>
    </message>
    <message>
        <source>This score is not a sum of recorded terms; its value for “%1” is %2.</source>
        <translation>这个分数不是所记录各项之和；“%1”的分数为 %2。</translation>
    </message>
    <message>
        <source>Scope · %1</source>
        <translation>范围 · %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>All %1 positions take part.</source>
        <translation>全部 %1 个位置都参与。</translation>
    </message>
    <message>
        <source>“%1” takes part.</source>
        <translation>“%1”参与。</translation>
    </message>
    <message>
        <source>“%1” does not take part.</source>
        <translation>“%1”不参与。</translation>
    </message>
    <message>
        <source>Weights · %1</source>
        <translation>权重 · %1</translation>
    </message>
    <message>
        <source>“%1” is out of scope, so its weight is 0.</source>
        <translation>“%1”超出范围，因此权重为 0。</translation>
    </message>
    <message>
        <source>Factors</source>
        <translation>因子</translation>
    </message>
    <message>
        <source>None: the weights stay as they are.</source>
        <translation>无：权重保持不变。</translation>
    </message>
    <message>
        <source>Weight after the factors: %1</source>
        <translation>乘以因子后的权重：%1</translation>
    </message>
    <message>
        <source>Context · weighted sum</source>
        <translation>上下文向量 · 加权和</translation>
    </message>
    <message>
        <source>context</source>
        <translation>上下文向量</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>门</translation>
    </message>
    <message>
        <source>None: the context passes as it is.</source>
        <translation>无：上下文向量原样通过。</translation>
    </message>
    <message>
        <source>gate</source>
        <translation>门</translation>
    </message>
    <message>
        <source>An earlier step chose nothing, so reading is over.</source>
        <translation>先前某一步没有选中任何位置，阅读已结束。</translation>
    </message>
    <message>
        <source>Probability · %1</source>
        <translation>概率 · %1</translation>
    </message>
    <message>
        <source>Context · no attention</source>
        <translation>上下文 · 无注意力</translation>
    </message>
    <message>
        <source>One vector, the encoder&apos;s last states, is the context of every step.</source>
        <translation>一个向量（编码器的最后状态）是每一步的上下文。</translation>
    </message>
</context>
<context>
    <name>attn::ui::AlignmentView</name>
    <message>
        <source>Alignment</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Which head&apos;s map is shown (H)</source>
        <translation>显示哪个头的对齐图（H）</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>头</translation>
    </message>
    <message>
        <source>How the map is drawn, copied and exported</source>
        <translation>对齐图的绘制、复制和导出方式</translation>
    </message>
    <message>
        <source>Display of the map</source>
        <translation>对齐图的显示</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>&amp;Colour map</source>
        <translation>配色(&amp;C)</translation>
    </message>
    <message>
        <source>Ink</source>
        <translation>墨色</translation>
    </message>
    <message>
        <source>Viridis</source>
        <translation>Viridis</translation>
    </message>
    <message>
        <source>Cividis</source>
        <translation>Cividis</translation>
    </message>
    <message>
        <source>Greys</source>
        <translation>灰阶</translation>
    </message>
    <message>
        <source>&amp;Scale of colours</source>
        <translation>颜色刻度(&amp;S)</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>线性</translation>
    </message>
    <message>
        <source>Square root</source>
        <translation>平方根</translation>
    </message>
    <message>
        <source>Logarithmic</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>&amp;Values in the cells</source>
        <translation>在格中显示数值(&amp;V)</translation>
    </message>
    <message>
        <source>Shows the weights where there is room</source>
        <translation>在空间足够处显示权重</translation>
    </message>
    <message>
        <source>Row &amp;maxima</source>
        <translation>每行最大值(&amp;M)</translation>
    </message>
    <message>
        <source>Marks each row&apos;s largest weight</source>
        <translation>标出每行最大的权重</translation>
    </message>
    <message>
        <source>Positions out of s&amp;cope</source>
        <translation>超出范围的位置(&amp;C)</translation>
    </message>
    <message>
        <source>Hatches where attention may not look</source>
        <translation>用斜线标出注意力不能看的位置</translation>
    </message>
    <message>
        <source>Mean of %1 heads</source>
        <translation>%1 个头的平均</translation>
    </message>
    <message>
        <source>Head %1</source>
        <translation>头 %1</translation>
    </message>
    <message>
        <source>entropy, bits</source>
        <translation>熵（比特）</translation>
    </message>
    <message>
        <source>coverage</source>
        <translation>覆盖度</translation>
    </message>
    <message>
        <source>“%1”: entropy %2 bits</source>
        <translation>“%1”：熵 %2 比特</translation>
    </message>
    <message>
        <source>“%1”: coverage %2</source>
        <translation>“%1”：覆盖度 %2</translation>
    </message>
    <message>
        <source>“%1” ← “%2”: out of scope</source>
        <translation>“%1” ← “%2”：超出范围</translation>
    </message>
    <message>
        <source>“%1” ← “%2”: weight %3</source>
        <translation>“%1” ← “%2”：权重 %3</translation>
    </message>
    <message>
        <source>Outlines the cells of a reference alignment: sure ones solid, possible ones dashed</source>
        <translation>勾出参考对齐的单元格：确定的用实线，可能的用虚线</translation>
    </message>
    <message>
        <source>Gol&amp;d links</source>
        <translation>参考对齐(&amp;D)</translation>
    </message>
    <message>
        <source>Which attention of the model is shown</source>
        <translation>显示模型的哪一处注意力</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>注意力位置</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
</context>
<context>
    <name>attn::ui::CandidatesModel</name>
    <message>
        <source>This is the word of this step.</source>
        <translation>这就是这一步的词。</translation>
    </message>
    <message>
        <source>Click to force “%1” here and go on from there.</source>
        <translation>单击以在此强制输出“%1”，并由此继续解码。</translation>
    </message>
    <message>
        <source>Word</source>
        <translation>词</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>ln p</source>
        <translation>ln p</translation>
    </message>
</context>
<context>
    <name>attn::ui::CandidatesView</name>
    <message>
        <source>Candidates</source>
        <translation>候选词</translation>
    </message>
    <message>
        <source>%1 · candidates at step %2</source>
        <translation>%1 · 第 %2 步的候选词</translation>
    </message>
    <message>
        <source>No step was decoded.</source>
        <translation>没有解码出任何一步。</translation>
    </message>
    <message>
        <source>Step %1: entropy %2 bits, all other words together %3.</source>
        <translation>第 %1 步：熵 %2 比特，其余所有词合计 %3。</translation>
    </message>
    <message>
        <source>This word was given, not chosen.</source>
        <translation>这个词是给定的，不是模型选出的。</translation>
    </message>
    <message>
        <source>probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>ln p</source>
        <translation>ln p</translation>
    </message>
    <message>
        <source>“%1”: probability %2</source>
        <translation>“%1”：概率 %2</translation>
    </message>
    <message>
        <source>This model generates no words, so there are no candidates.</source>
        <translation>此模型不生成词，因此没有候选词。</translation>
    </message>
    <message>
        <source>This file holds weights only: no candidates were recorded. Open the model that wrote it to see which other words were probable.</source>
        <translation>此文件只含权重，没有记录候选词。要看还有哪些词可能，请打开写出该文件的模型。</translation>
    </message>
</context>
<context>
    <name>attn::ui::CellMap</name>
    <message>
        <source>Map</source>
        <translation>图</translation>
    </message>
    <message>
        <source>row %1</source>
        <translation>行 %1</translation>
    </message>
    <message>
        <source>column %1</source>
        <translation>列 %1</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>not decoded yet</source>
        <translation>尚未解码</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>不允许</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
</context>
<context>
    <name>attn::ui::CommandSearch</name>
    <message>
        <source>Find a command</source>
        <translation>查找命令</translation>
    </message>
    <message>
        <source>Type a part of its name</source>
        <translation>输入名称的一部分</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令列表</translation>
    </message>
    <message>
        <source>%1   (%2)</source>
        <translation>%1   (%2)</translation>
    </message>
</context>
<context>
    <name>attn::ui::CurvePlot</name>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
</context>
<context>
    <name>attn::ui::DumpBar</name>
    <message>
        <source>&amp;Close the file</source>
        <translation>关闭文件(&amp;C)</translation>
    </message>
    <message>
        <source>Sentence </source>
        <translation>第 </translation>
    </message>
    <message>
        <source>Sentence of the file</source>
        <translation>文件中的句子</translation>
    </message>
    <message>
        <source>Which sentence of the file is shown</source>
        <translation>显示文件中的哪个句子</translation>
    </message>
    <message>
        <source>What the rows are, where the end symbol is, which words belong to it</source>
        <translation>行代表什么，结束符在哪里，用哪些词</translation>
    </message>
    <message>
        <source>Back to the model and its sentence</source>
        <translation>回到模型及其句子</translation>
    </message>
    <message>
        <source> of %1</source>
        <translation> 句，共 %1 句</translation>
    </message>
    <message>
        <source>How it is rea&amp;d…</source>
        <translation>读取方式(&amp;D)…</translation>
    </message>
</context>
<context>
    <name>attn::ui::DumpDialog</name>
    <message>
        <source>Attention from %1</source>
        <translation>来自 %1 的注意力</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>The layout of the file</source>
        <translation>文件的写法</translation>
    </message>
    <message>
        <source>&amp;Source words</source>
        <translation>源词(&amp;S)</translation>
    </message>
    <message>
        <source>A text file with the words that were read, a sentence a line</source>
        <translation>读入的词的文本文件，每行一句</translation>
    </message>
    <message>
        <source>&amp;Target words</source>
        <translation>目标词(&amp;T)</translation>
    </message>
    <message>
        <source>A text file with the words that were written, a sentence a line</source>
        <translation>输出的词的文本文件，每行一句</translation>
    </message>
    <message>
        <source>&amp;Gold links</source>
        <translation>参考对齐(&amp;G)</translation>
    </message>
    <message>
        <source>A file of links such as 0-0 1p2, a sentence a line</source>
        <translation>对齐链接的文件，如 0-0 1p2，每行一句</translation>
    </message>
    <message>
        <source>&amp;Rows are</source>
        <translation>行是(&amp;R)</translation>
    </message>
    <message>
        <source>What a matrix has a row for, and what the first number of a link counts</source>
        <translation>矩阵的每一行代表什么，链接的第一个数数的是什么</translation>
    </message>
    <message>
        <source>&amp;End symbol</source>
        <translation>结束符(&amp;E)</translation>
    </message>
    <message>
        <source>Whether the last position is the end symbol</source>
        <translation>最后一个位置是否为结束符</translation>
    </message>
    <message>
        <source>&amp;Links count from</source>
        <translation>链接起始编号(&amp;L)</translation>
    </message>
    <message>
        <source>Whether the first word is 0 or 1</source>
        <translation>第一个词是 0 还是 1</translation>
    </message>
    <message>
        <source>First &amp;axis</source>
        <translation>第一个轴(&amp;A)</translation>
    </message>
    <message>
        <source>What the first of an array&apos;s three axes counts</source>
        <translation>三轴数组的第一个轴数的是什么</translation>
    </message>
    <message>
        <source>those of the file</source>
        <translation>用文件中的词</translation>
    </message>
    <message>
        <source>none but those of the file</source>
        <translation>只用文件中的</translation>
    </message>
    <message>
        <source>How it is read</source>
        <translation>读取方式</translation>
    </message>
    <message>
        <source>First sentence</source>
        <translation>第一个句子</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>The first sentence is shown here once the file can be read.</source>
        <translation>文件能够读取后，这里显示第一个句子。</translation>
    </message>
    <message>
        <source>Told by the content</source>
        <translation>由内容判断</translation>
    </message>
    <message>
        <source>Told by the file</source>
        <translation>由文件判断</translation>
    </message>
    <message>
        <source>Chooses a file</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>target words</source>
        <translation>目标词</translation>
    </message>
    <message>
        <source>source words</source>
        <translation>源词</translation>
    </message>
    <message>
        <source>last on both sides</source>
        <translation>两侧的最后一个</translation>
    </message>
    <message>
        <source>last of the source alone</source>
        <translation>仅源侧的最后一个</translation>
    </message>
    <message>
        <source>last of the target alone</source>
        <translation>仅目标侧的最后一个</translation>
    </message>
    <message>
        <source>on neither side</source>
        <translation>两侧都没有</translation>
    </message>
    <message>
        <source>sentences</source>
        <translation>句子</translation>
    </message>
    <message>
        <source>heads</source>
        <translation>注意力头</translation>
    </message>
</context>
<context>
    <name>attn::ui::ExportDialog</name>
    <message>
        <source>SVG, for papers and the web</source>
        <translation>SVG，适合论文和网页</translation>
    </message>
    <message>
        <source>PDF, for papers</source>
        <translation>PDF，适合论文</translation>
    </message>
    <message>
        <source>PNG, of pixels</source>
        <translation>PNG，由像素组成</translation>
    </message>
    <message>
        <source>SVG and PDF stay sharp at every size</source>
        <translation>SVG 和 PDF 在任何尺寸下都清晰</translation>
    </message>
    <message>
        <source>Width of the PNG; its height follows</source>
        <translation>PNG 的宽度；高度随之而定</translation>
    </message>
    <message>
        <source>Pixels per inch, which sets the size on paper</source>
        <translation>每英寸的像素数，决定纸上的尺寸</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Width</source>
        <translation>宽度(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Resolution</source>
        <translation>分辨率(&amp;R)</translation>
    </message>
    <message>
        <source>%1 × %2 cm on paper</source>
        <translation>纸上 %1 × %2 厘米</translation>
    </message>
</context>
<context>
    <name>attn::ui::Exporter</name>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>Export figure: %1</source>
        <translation>导出图形：%1</translation>
    </message>
    <message>
        <source>Figures (*%1)</source>
        <translation>图形 (*%1)</translation>
    </message>
    <message>
        <source>Export numbers: %1</source>
        <translation>导出数值：%1</translation>
    </message>
    <message>
        <source>Numbers (*.csv *.json *.npy)</source>
        <translation>数值 (*.csv *.json *.npy)</translation>
    </message>
    <message>
        <source>Copied: figure of %1</source>
        <translation>已复制：%1的图形</translation>
    </message>
    <message>
        <source>Copied: numbers of %1</source>
        <translation>已复制：%1的数值</translation>
    </message>
</context>
<context>
    <name>attn::ui::HeadsView</name>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Mean of all heads</source>
        <translation>所有头的平均</translation>
    </message>
    <message>
        <source>Head %1</source>
        <translation>头 %1</translation>
    </message>
    <message>
        <source>Click the map to make it the main one (H goes through them)</source>
        <translation>单击此图使其成为主图（按 H 逐个切换）</translation>
    </message>
    <message>
        <source>%1 · all heads</source>
        <translation>%1 · 所有头</translation>
    </message>
    <message>
        <source>%1 bits</source>
        <translation>%1 比特</translation>
    </message>
    <message>
        <source>This model attends with a single head, so the main map shows all there is. Open a model with several heads to compare them here.</source>
        <translation>这个模型只有一个注意力头，主图已显示全部内容。打开多头模型即可在此比较各个头。</translation>
    </message>
    <message>
        <source>Single head</source>
        <translation>单头</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>%1 · main map</source>
        <translation>%1 · 主图</translation>
    </message>
    <message>
        <source>mean entropy, bits</source>
        <translation>平均熵（比特）</translation>
    </message>
    <message>
        <source>mean largest weight</source>
        <translation>平均最大权重</translation>
    </message>
    <message>
        <source>Click to make it the main map</source>
        <translation>单击可将其设为主图</translation>
    </message>
    <message>
        <source>This file holds a single map for each sentence, so the main map shows all there is.</source>
        <translation>此文件每句只有一张图，主图已显示全部内容。</translation>
    </message>
    <message>
        <source>%1 · %2 · all heads</source>
        <translation>%1 · %2 · 所有头</translation>
    </message>
    <message>
        <source>This attention has a single head, so the main map shows all there is. Choose another one above the main map, or open a model with several heads, to compare them here.</source>
        <translation>这处注意力只有一个头，主图已显示全部内容。在主图上方另选一处，或打开多头模型，即可在此比较各个头。</translation>
    </message>
</context>
<context>
    <name>attn::ui::HypothesesModel</name>
    <message>
        <source>Rank, the best first</source>
        <translation>名次，最好的在前</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>名次</translation>
    </message>
    <message>
        <source>Choose one: every view shows it</source>
        <translation>选择一个假设，所有视图都会显示它</translation>
    </message>
    <message>
        <source>Hypothesis</source>
        <translation>假设</translation>
    </message>
    <message>
        <source>What it is ranked by: ln p divided by the length normalisation, plus coverage</source>
        <translation>排名依据：ln p 除以长度归一化，再加上覆盖度</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>Natural logarithm of its probability: the sum over its words</source>
        <translation>其概率的自然对数：各词之和</translation>
    </message>
    <message>
        <source>ln p</source>
        <translation>ln p</translation>
    </message>
    <message>
        <source>What the length penalty divides ln p by</source>
        <translation>长度惩罚使 ln p 除以的数</translation>
    </message>
    <message>
        <source>÷ length</source>
        <translation>÷ 长度</translation>
    </message>
    <message>
        <source>What the coverage penalty adds</source>
        <translation>覆盖度惩罚加上的数</translation>
    </message>
    <message>
        <source>+ coverage</source>
        <translation>+ 覆盖度</translation>
    </message>
</context>
<context>
    <name>attn::ui::HypothesesPanel</name>
    <message>
        <source>Hypotheses</source>
        <translation>假设</translation>
    </message>
</context>
<context>
    <name>attn::ui::ImportDialog</name>
    <message>
        <source>Import: %1</source>
        <translation>导入：%1</translation>
    </message>
    <message>
        <source>Recognised by</source>
        <translation>识别依据</translation>
    </message>
    <message>
        <source>Wiring</source>
        <translation>结构</translation>
    </message>
    <message>
        <source>What was recognised</source>
        <translation>识别出的内容</translation>
    </message>
    <message>
        <source>Self-&amp;test</source>
        <translation>自检(&amp;T)</translation>
    </message>
    <message>
        <source>Self-test sentence</source>
        <translation>自检句子</translation>
    </message>
    <message>
        <source>A sentence whose outcome is kept in the native model, by which it proves that it was read right</source>
        <translation>一个句子，其结果保存在原生模型中，用来证明模型被正确读取</translation>
    </message>
    <message>
        <source>T&amp;ry</source>
        <translation>试运行(&amp;R)</translation>
    </message>
    <message>
        <source>Runs the sentence (Enter)</source>
        <translation>运行此句（回车）</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>停止(&amp;P)</translation>
    </message>
    <message>
        <source>Stops this work; what is shown stays</source>
        <translation>停止此项工作；显示的内容保留</translation>
    </message>
    <message>
        <source>Save &amp;mapping file…</source>
        <translation>保存映射文件(&amp;M)…</translation>
    </message>
    <message>
        <source>Writes which array is which as a text file, which can be edited and chosen here</source>
        <translation>把数组的对应关系写成文本文件，可编辑后在此选择</translation>
    </message>
    <message>
        <source>&amp;Save as native model…</source>
        <translation>另存为原生模型(&amp;S)…</translation>
    </message>
    <message>
        <source>Writes one file that holds everything and opens without the others</source>
        <translation>写成一个包含全部内容的文件，打开时不再需要其他文件</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>Asks the question of this model</source>
        <translation>用此模型回答当前问题</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>A sentence can be tried once the model is complete.</source>
        <translation>模型完整后才能试运行句子。</translation>
    </message>
    <message>
        <source>%1   (%2)</source>
        <translation>%1   (%2)</translation>
    </message>
</context>
<context>
    <name>attn::ui::ImportFiles</name>
    <message>
        <source>Files beside it</source>
        <translation>附属文件</translation>
    </message>
    <message>
        <source>Another file</source>
        <translation>其他文件</translation>
    </message>
    <message>
        <source>Names a file that was not asked for</source>
        <translation>指定一个未要求的文件</translation>
    </message>
    <message>
        <source>as the checkpoint says</source>
        <translation>按检查点的设置</translation>
    </message>
    <message>
        <source>How the target is split into tokens</source>
        <translation>目标句如何切分成词元</translation>
    </message>
    <message>
        <source>How the sentence you type is split into tokens</source>
        <translation>输入的句子如何切分成词元</translation>
    </message>
    <message>
        <source>Tar&amp;get tokens</source>
        <translation>目标词元(&amp;G)</translation>
    </message>
    <message>
        <source>So&amp;urce tokens</source>
        <translation>源词元(&amp;U)</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose: %1</source>
        <translation>选择：%1</translation>
    </message>
    <message>
        <source>Chooses the file: %1</source>
        <translation>选择文件：%1</translation>
    </message>
    <message>
        <source>Forget: %1</source>
        <translation>取消：%1</translation>
    </message>
    <message>
        <source>Takes the choice back: it is looked for beside the checkpoint</source>
        <translation>取消选择：改为在检查点旁边查找</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation>%1…</translation>
    </message>
</context>
<context>
    <name>attn::ui::ImportParameters</name>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>有问题的</translation>
    </message>
    <message>
        <source>Parameters that are shown</source>
        <translation>显示哪些参数</translation>
    </message>
    <message>
        <source>All parameters, or those that are missing, misshapen or unused</source>
        <translation>全部参数，或者缺失、形状不符、未用的参数</translation>
    </message>
</context>
<context>
    <name>attn::ui::ImportParametersModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>此处名称</translation>
    </message>
    <message>
        <source>In the file</source>
        <translation>文件中</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>应为</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>实为</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>attn::ui::Importer</name>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Open attention from a file</source>
        <translation>打开注意力文件</translation>
    </message>
    <message>
        <source>Imported from %1: &lt;a href=&quot;%2&quot;&gt;details…&lt;/a&gt;</source>
        <translation>导入自 %1：&lt;a href=&quot;%2&quot;&gt;详情…&lt;/a&gt;</translation>
    </message>
    <message>
        <source>Shows what was recognised and what became of each parameter</source>
        <translation>显示识别出的内容以及每个参数的去向</translation>
    </message>
    <message>
        <source>Importing…</source>
        <translation>正在导入…</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>Save as native model</source>
        <translation>另存为原生模型</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在写入…</translation>
    </message>
    <message>
        <source>Save mapping file</source>
        <translation>保存映射文件</translation>
    </message>
    <message>
        <source>Mapping files (*.yaml)</source>
        <translation>映射文件 (*.yaml)</translation>
    </message>
</context>
<context>
    <name>attn::ui::InspectActions</name>
    <message>
        <source>Edit &amp;sentence</source>
        <translation>编辑句子(&amp;S)</translation>
    </message>
    <message>
        <source>Puts the cursor into the sentence</source>
        <translation>将光标移到句子中</translation>
    </message>
    <message>
        <source>Shows or hides this panel</source>
        <translation>显示或隐藏此面板</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Enlarges the alignment</source>
        <translation>放大对齐图</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>Makes the alignment smaller</source>
        <translation>缩小对齐图</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>适应窗口(&amp;F)</translation>
    </message>
    <message>
        <source>Shows the whole alignment</source>
        <translation>显示整个对齐图</translation>
    </message>
    <message>
        <source>&amp;First step</source>
        <translation>第一步(&amp;F)</translation>
    </message>
    <message>
        <source>Goes to the first step</source>
        <translation>转到第一步</translation>
    </message>
    <message>
        <source>Step &amp;back</source>
        <translation>后退一步(&amp;B)</translation>
    </message>
    <message>
        <source>Goes one step back</source>
        <translation>后退一步</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>播放(&amp;P)</translation>
    </message>
    <message>
        <source>Plays the steps, or pauses</source>
        <translation>逐步播放，或暂停</translation>
    </message>
    <message>
        <source>Step f&amp;orward</source>
        <translation>前进一步(&amp;O)</translation>
    </message>
    <message>
        <source>Goes one step forward</source>
        <translation>前进一步</translation>
    </message>
    <message>
        <source>&amp;Last step</source>
        <translation>最后一步(&amp;L)</translation>
    </message>
    <message>
        <source>Goes to the last step</source>
        <translation>转到最后一步</translation>
    </message>
    <message>
        <source>P&amp;revious source position</source>
        <translation>上一个源位置(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Next source position</source>
        <translation>下一个源位置(&amp;N)</translation>
    </message>
    <message>
        <source>Moves the pinned source position</source>
        <translation>移动固定的源位置</translation>
    </message>
    <message>
        <source>Next &amp;head</source>
        <translation>下一个头(&amp;H)</translation>
    </message>
    <message>
        <source>Goes through the mean and the heads; needs a model with several</source>
        <translation>在平均和各个头之间切换；需要多头模型</translation>
    </message>
    <message>
        <source>Le&amp;t go</source>
        <translation>取消固定(&amp;T)</translation>
    </message>
    <message>
        <source>Lets go of what is pinned</source>
        <translation>取消所有固定的内容</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
</context>
<context>
    <name>attn::ui::InspectWorkspace</name>
    <message>
        <source>A model that comes with Attentoscope</source>
        <translation>Attentoscope 自带的模型</translation>
    </message>
    <message>
        <source>%1
%2 parameters</source>
        <translation>%1
%2 个参数</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>There is no result to show; the message above says why.</source>
        <translation>没有可显示的结果；原因见上方的提示。</translation>
    </message>
    <message>
        <source>&lt;a href=&quot;open&quot;&gt;Open another model file&lt;/a&gt;</source>
        <translation>&lt;a href=&quot;open&quot;&gt;打开另一个模型文件&lt;/a&gt;</translation>
    </message>
    <message>
        <source>Opening the model…</source>
        <translation>正在打开模型…</translation>
    </message>
    <message>
        <source>Choose a model above, or &lt;a href=&quot;open&quot;&gt;open a model file&lt;/a&gt;. You can also drop a file here.</source>
        <translation>请在上方选择模型，或&lt;a href=&quot;open&quot;&gt;打开模型文件&lt;/a&gt;。也可以把文件拖到这里。</translation>
    </message>
    <message>
        <source>Decoding…</source>
        <translation>正在解码…</translation>
    </message>
    <message>
        <source>Type a sentence and press Enter.</source>
        <translation>输入句子，然后按回车键。</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>观察</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>解码步</translation>
    </message>
    <message>
        <source>Hidden states</source>
        <translation>隐藏状态</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>候选词</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>注意力头</translation>
    </message>
    <message>
        <source>Alignment</source>
        <translation>对齐</translation>
    </message>
</context>
<context>
    <name>attn::ui::MainWindow</name>
    <message>
        <source>%1 – Attentoscope</source>
        <translation>%1 – Attentoscope</translation>
    </message>
    <message>
        <source>Attentoscope</source>
        <translation>Attentoscope</translation>
    </message>
</context>
<context>
    <name>attn::ui::Menus</name>
    <message>
        <source>&amp;Open model…</source>
        <translation>打开模型(&amp;O)…</translation>
    </message>
    <message>
        <source>Opens a model file or a checkpoint of another toolkit</source>
        <translation>打开模型文件或其他工具包的检查点</translation>
    </message>
    <message>
        <source>Import &amp;details…</source>
        <translation>导入详情(&amp;D)…</translation>
    </message>
    <message>
        <source>Shows what this checkpoint was taken for, and names other files for it</source>
        <translation>显示此检查点被识别为什么，并可指定其他文件</translation>
    </message>
    <message>
        <source>&amp;Close model</source>
        <translation>关闭模型(&amp;C)</translation>
    </message>
    <message>
        <source>Closes the model that is asked and frees its memory</source>
        <translation>关闭当前使用的模型，并释放其内存</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>Runs the sentence now</source>
        <translation>立即运行这个句子</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>Stops the engine; the last result stays</source>
        <translation>停止计算；保留上一次的结果</translation>
    </message>
    <message>
        <source>Export &amp;figure…</source>
        <translation>导出图形(&amp;F)…</translation>
    </message>
    <message>
        <source>Writes the picture of the view used last as PNG, SVG or PDF</source>
        <translation>将最近使用的视图的图形写成 PNG、SVG 或 PDF</translation>
    </message>
    <message>
        <source>Export &amp;numbers…</source>
        <translation>导出数值(&amp;N)…</translation>
    </message>
    <message>
        <source>Writes the numbers of the view used last as CSV, JSON or NPY</source>
        <translation>将最近使用的视图的数值写成 CSV、JSON 或 NPY</translation>
    </message>
    <message>
        <source>Copy &amp;figure</source>
        <translation>复制图形(&amp;F)</translation>
    </message>
    <message>
        <source>Puts the picture of the view used last on the clipboard</source>
        <translation>将最近使用的视图的图形放入剪贴板</translation>
    </message>
    <message>
        <source>Copy &amp;numbers</source>
        <translation>复制数值(&amp;N)</translation>
    </message>
    <message>
        <source>Puts the numbers of the view used last on the clipboard</source>
        <translation>将最近使用的视图的数值放入剪贴板</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Open &amp;attention from a file…</source>
        <translation>打开注意力文件(&amp;A)…</translation>
    </message>
    <message>
        <source>Opens attention or a word alignment that another program wrote</source>
        <translation>打开其他程序写出的注意力或词对齐</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>Leaves Attentoscope</source>
        <translation>退出 Attentoscope</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>Puts the panels where they were at first</source>
        <translation>将面板恢复到最初的位置</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;System</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>Te&amp;xt size</source>
        <translation>文字大小(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Normal</source>
        <translation>正常(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Large</source>
        <translation>大(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Projector</source>
        <translation>投影(&amp;P)</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>语言(&amp;G)</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全屏(&amp;U)</translation>
    </message>
    <message>
        <source>Fills the screen, for a class</source>
        <translation>占满屏幕，适合课堂演示</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>Lists every command with its keys</source>
        <translation>列出所有命令及其按键</translation>
    </message>
    <message>
        <source>&amp;Find a command…</source>
        <translation>查找命令(&amp;F)…</translation>
    </message>
    <message>
        <source>Finds any command by its name</source>
        <translation>按名称查找任何命令</translation>
    </message>
    <message>
        <source>&amp;About Attentoscope</source>
        <translation>关于 Attentoscope(&amp;A)</translation>
    </message>
    <message>
        <source>What this program is</source>
        <translation>介绍这个程序</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>关于 Qt(&amp;Q)</translation>
    </message>
    <message>
        <source>The library that draws the window</source>
        <translation>绘制窗口所用的程序库</translation>
    </message>
    <message>
        <source>Export &amp;figure: %1…</source>
        <translation>导出图形(&amp;F)：%1…</translation>
    </message>
    <message>
        <source>Export &amp;numbers: %1…</source>
        <translation>导出数值(&amp;N)：%1…</translation>
    </message>
    <message>
        <source>Copy &amp;figure: %1</source>
        <translation>复制图形(&amp;F)：%1</translation>
    </message>
    <message>
        <source>Copy &amp;numbers: %1</source>
        <translation>复制数值(&amp;N)：%1</translation>
    </message>
</context>
<context>
    <name>attn::ui::ModelPanel</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>The model that is asked</source>
        <translation>当前使用的模型</translation>
    </message>
</context>
<context>
    <name>attn::ui::SearchOptions</name>
    <message>
        <source>Width</source>
        <translation>束宽</translation>
    </message>
    <message>
        <source>How many hypotheses are kept at each step</source>
        <translation>每一步保留多少个假设</translation>
    </message>
    <message>
        <source>Hypotheses</source>
        <translation>假设数</translation>
    </message>
    <message>
        <source>How many of the best are listed; at most the beam&apos;s width</source>
        <translation>列出最好的多少个假设，最多等于束宽</translation>
    </message>
    <message>
        <source>Length penalty</source>
        <translation>长度惩罚</translation>
    </message>
    <message>
        <source>Alpha: the larger, the less are long hypotheses at a disadvantage. 0: ln p is not divided by the length.</source>
        <translation>α：越大，长的假设越不吃亏。0：ln p 不除以长度。</translation>
    </message>
    <message>
        <source>Coverage penalty</source>
        <translation>覆盖度惩罚</translation>
    </message>
    <message>
        <source>Beta: the larger, the more a hypothesis pays for source words that it did not look at. 0: nothing.</source>
        <translation>β：越大，假设因没有关注到的源词而被扣分越多。0：不扣分。</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Logits are divided by it: under 1 the probable words become more probable, over 1 less. 0: always the most probable word.</source>
        <translation>logit 除以温度：小于 1 时概率大的词概率更大，大于 1 时更小。0：总是取概率最大的词。</translation>
    </message>
    <message>
        <source>Top k</source>
        <translation>前 k 个</translation>
    </message>
    <message>
        <source>Draws from the k most probable words alone; 0: from all</source>
        <translation>只从概率最大的 k 个词中抽取；0：从所有词中抽取</translation>
    </message>
    <message>
        <source>Top p</source>
        <translation>累积概率 p</translation>
    </message>
    <message>
        <source>Draws from the fewest most probable words whose probabilities together reach p; 1: from all</source>
        <translation>从概率最大、概率之和刚达到 p 的那些词中抽取；1：从所有词中抽取</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed draws the same words</source>
        <translation>相同的种子抽出相同的词</translation>
    </message>
    <message>
        <source>Draw again</source>
        <translation>重新抽取</translation>
    </message>
    <message>
        <source>Draws other words, with the next seed</source>
        <translation>用下一个种子抽取别的词</translation>
    </message>
</context>
<context>
    <name>attn::ui::Session</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Sentence</source>
        <translation>句子</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标句</translation>
    </message>
    <message>
        <source>Forced word</source>
        <translation>强制的词</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索方式</translation>
    </message>
    <message>
        <source>Add column</source>
        <translation>增加一列</translation>
    </message>
    <message>
        <source>Remove column</source>
        <translation>移除一列</translation>
    </message>
    <message>
        <source>Beam search</source>
        <translation>束搜索</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>采样</translation>
    </message>
</context>
<context>
    <name>attn::ui::SourcePanel</name>
    <message>
        <source>&amp;Target</source>
        <translation>目标句(&amp;T)</translation>
    </message>
    <message>
        <source>Greedy</source>
        <translation>贪心</translation>
    </message>
    <message>
        <source>Forced target</source>
        <translation>强制解码</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索方式</translation>
    </message>
    <message>
        <source>Type a sentence and press Enter</source>
        <translation>输入句子，然后按回车键</translation>
    </message>
    <message>
        <source>Type the beginning of a text, or nothing, and press Enter</source>
        <translation>输入文本的开头（也可以不输入），然后按回车键</translation>
    </message>
    <message>
        <source>Source sentence</source>
        <translation>源句</translation>
    </message>
    <message>
        <source>Beginning of the text</source>
        <translation>文本的开头</translation>
    </message>
    <message>
        <source>The words that the model continues (Ctrl+L)</source>
        <translation>由模型续写的词（Ctrl+L）</translation>
    </message>
    <message>
        <source>The sentence that the model reads (Ctrl+L)</source>
        <translation>模型读入的句子（Ctrl+L）</translation>
    </message>
    <message>
        <source>Type the words that the model has to say</source>
        <translation>输入模型必须输出的词</translation>
    </message>
    <message>
        <source>The words that the decoder is given, one after another</source>
        <translation>依次给解码器的词</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>例句</translation>
    </message>
    <message>
        <source>Sentences that suit this model</source>
        <translation>适合这个模型的句子</translation>
    </message>
    <message>
        <source>Source tokens</source>
        <translation>源词元</translation>
    </message>
    <message>
        <source>The first words are given: “%1”. &lt;a href=&quot;free&quot;&gt;Let the model choose them&lt;/a&gt;</source>
        <translation>开头的词是给定的：“%1”。&lt;a href=&quot;free&quot;&gt;让模型自己选择&lt;/a&gt;</translation>
    </message>
    <message>
        <source>The model does not know this word and reads it as unknown.</source>
        <translation>模型不认识这个词，将其作为未知词读入。</translation>
    </message>
    <message>
        <source>Type the beginning of a text, or nothing, and press Enter</source>
        <translation>输入文本的开头，或留空，然后按 Enter</translation>
    </message>
    <message>
        <source>Beginning of the text</source>
        <translation>文本的开头</translation>
    </message>
    <message>
        <source>The words that the model continues (Ctrl+L)</source>
        <translation>模型要续写的词（Ctrl+L）</translation>
    </message>
    <message>
        <source>Beam</source>
        <translation>束搜索</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>Greedy: the model&apos;s most probable word at each step. Beam: the best few hypotheses side by side. Sampling: words drawn by their probabilities. Forced target: the words you give.</source>
        <translation>贪心：每一步取模型认为概率最大的词。束搜索：并行保留最好的几个假设。采样：按概率抽取词。强制解码：使用您给定的词。</translation>
    </message>
    <message>
        <source>These tokens are given, which no typed text expresses: “%1”.</source>
        <translation>给定的是这些无法用文本输入表达的词元：“%1”。</translation>
    </message>
</context>
<context>
    <name>attn::ui::StateStrip</name>
    <message>
        <source>Decoder</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>编码器</translation>
    </message>
    <message>
        <source>Which layer and direction is shown</source>
        <translation>显示哪一层和哪个方向</translation>
    </message>
    <message>
        <source>%1: layer</source>
        <translation>%1：层</translation>
    </message>
    <message>
        <source>Hidden state, cell state or a gate</source>
        <translation>隐藏状态、细胞状态或门</translation>
    </message>
    <message>
        <source>%1: part</source>
        <translation>%1：部分</translation>
    </message>
    <message>
        <source>%1: units by time</source>
        <translation>%1：单元随时间变化</translation>
    </message>
    <message>
        <source>unit %1 at “%2”: %3</source>
        <translation>单元 %1，位于“%2”：%3</translation>
    </message>
    <message>
        <source>Click to see the unit&apos;s curve</source>
        <translation>单击可查看该单元的曲线</translation>
    </message>
</context>
<context>
    <name>attn::ui::StatesView</name>
    <message>
        <source>Curve of one unit</source>
        <translation>单个单元的曲线</translation>
    </message>
    <message>
        <source>Unit %1 · %2</source>
        <translation>单元 %1 · %2</translation>
    </message>
    <message>
        <source>unit %1</source>
        <translation>单元 %1</translation>
    </message>
    <message>
        <source>This file holds weights only: no hidden states were recorded. Open the model that wrote it to see them.</source>
        <translation>此文件只含权重，没有记录隐藏状态。要看隐藏状态，请打开写出该文件的模型。</translation>
    </message>
    <message>
        <source>This model has no recurrent layers, so there are no hidden states.</source>
        <translation>此模型没有循环层，因此没有隐藏状态。</translation>
    </message>
</context>
<context>
    <name>attn::ui::StatusLine</name>
    <message>
        <source>Last message</source>
        <translation>最近的消息</translation>
    </message>
    <message>
        <source>opening a model…</source>
        <translation>正在打开模型…</translation>
    </message>
    <message>
        <source>decoding, step %1…</source>
        <translation>正在解码，第 %1 步…</translation>
    </message>
    <message>
        <source>failed; the last result is shown</source>
        <translation>失败；显示的是上一次的结果</translation>
    </message>
    <message>
        <source>failed; see the message</source>
        <translation>失败；请看提示信息</translation>
    </message>
    <message>
        <source>attention from a file · %1 sentences</source>
        <translation>文件中的注意力 · %1 句</translation>
    </message>
    <message>
        <source>no model is open</source>
        <translation>没有打开的模型</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>%1 k parameters</source>
        <translation>%1 千个参数</translation>
    </message>
    <message>
        <source>%1 words in %2 ms</source>
        <translation>%1 个词，用时 %2 毫秒</translation>
    </message>
    <message>
        <source>stopped at the limit of steps</source>
        <translation>达到步数上限而停止</translation>
    </message>
</context>
<context>
    <name>attn::ui::StepCardWidget</name>
    <message>
        <source>Folds or unfolds this stage</source>
        <translation>折叠或展开这一阶段</translation>
    </message>
    <message>
        <source>Terms of the score</source>
        <translation>分数的各项</translation>
    </message>
    <message>
        <source>unit %1 adds %2</source>
        <translation>单元 %1 贡献 %2</translation>
    </message>
    <message>
        <source>%1, unit %2: %3</source>
        <translation>%1，单元 %2：%3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 terms, largest first: unit %2 adds %3 to the score</source>
        <translation>%1 项，从大到小：单元 %2 为分数贡献 %3</translation>
    </message>
    <message>
        <source>%1, %2 units</source>
        <translation>%1，%2 个单元</translation>
    </message>
</context>
<context>
    <name>attn::ui::StepView</name>
    <message>
        <source>Target words</source>
        <translation>目标词</translation>
    </message>
    <message>
        <source>given, not chosen</source>
        <translation>给定，非模型选出</translation>
    </message>
    <message>
        <source>No step was decoded</source>
        <translation>没有解码出任何一步</translation>
    </message>
    <message>
        <source>head %1 of %2</source>
        <translation>第 %1 个头，共 %2 个</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>score</source>
        <translation>分数</translation>
    </message>
    <message>
        <source>normalised</source>
        <translation>归一化后</translation>
    </message>
    <message>
        <source>gaussian</source>
        <translation>高斯</translation>
    </message>
    <message>
        <source>relevance</source>
        <translation>相关度</translation>
    </message>
    <message>
        <source>coverage</source>
        <translation>覆盖度</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>“%1” ← “%2”</source>
        <translation>“%1” ← “%2”</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
    <message>
        <source>position %1</source>
        <translation>位置 %1</translation>
    </message>
    <message>
        <source>position %1, largest</source>
        <translation>位置 %1，权重最大</translation>
    </message>
    <message>
        <source>“%1”</source>
        <translation>“%1”</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>选中</translation>
    </message>
    <message>
        <source>This file holds weights only: how they came about, from the score to the context, was not recorded. Open the model that wrote it to see its formulas with their numbers.</source>
        <translation>此文件只含权重，没有记录权重如何得来（从分数到上下文）。要看带数字的公式，请打开写出该文件的模型。</translation>
    </message>
    <message>
        <source>step %1, “%2”</source>
        <translation>第 %1 步，“%2”</translation>
    </message>
    <message>
        <source>position %1, “%2”</source>
        <translation>位置 %1，“%2”</translation>
    </message>
    <message>
        <source>head %1</source>
        <translation>头 %1</translation>
    </message>
    <message>
        <source>Nothing was recorded here.</source>
        <translation>此处没有记录。</translation>
    </message>
    <message>
        <source>These weights are taken from another map, so there is nothing to compute. Choose that one above the main map to see how they came about.</source>
        <translation>这些权重取自另一张图，这里无需计算。在主图上方选择那张图，即可看到权重如何得来。</translation>
    </message>
    <message>
        <source>factor</source>
        <translation>因子</translation>
    </message>
</context>
<context>
    <name>attn::ui::TokenChips</name>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>%1 (token %2 of %3)</source>
        <translation>%1（第 %2 个词元，共 %3 个）</translation>
    </message>
    <message>
        <source>“%1” is not in the vocabulary</source>
        <translation>“%1”不在词表中</translation>
    </message>
    <message>
        <source>switched off</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation>权重 %1</translation>
    </message>
    <message>
        <source>Shows more of the tokens (wheel)</source>
        <translation>显示更多词元（滚轮）</translation>
    </message>
</context>
<context>
    <name>attn::ui::TraceView</name>
    <message>
        <source>Copy &amp;value: %1</source>
        <translation>复制数值(&amp;V)：%1</translation>
    </message>
</context>
<context>
    <name>attn::ui::Transport</name>
    <message>
        <source>no steps</source>
        <translation>无解码步</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
    <message>
        <source>First step</source>
        <translation>第一步</translation>
    </message>
    <message>
        <source>Step back</source>
        <translation>后退一步</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Step forward</source>
        <translation>前进一步</translation>
    </message>
    <message>
        <source>Last step</source>
        <translation>最后一步</translation>
    </message>
    <message>
        <source>Decode step</source>
        <translation>解码步</translation>
    </message>
    <message>
        <source>Decode step (%1, %2)</source>
        <translation>解码步（%1、%2）</translation>
    </message>
    <message>
        <source>Playing speed</source>
        <translation>播放速度</translation>
    </message>
    <message>
        <source>Playing speed: %1 steps per second</source>
        <translation>播放速度：每秒 %1 步</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
</context>
</TS>

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_chinese/lexicon.h"

namespace attn::english_chinese {

const std::vector<Verb>& verbs() {
    using enum Frame;
    constexpr unsigned goods = Thing | Clothes;
    constexpr unsigned past = Punctual, felt = Experienced, passive = Undergone, how = Manner;
    static const std::vector<Verb> table = {
        // what one does to things
        {"buy", "bought", "", "", "买", Transitive, Person, goods | Vehicle | Bike | Text | Food | Drink,
         felt},
        {"sell", "sold", "", "", "卖", Transitive, Person, goods | Vehicle | Bike | Food, felt},
        {"use", "", "", "", "用", Transitive, Person, Thing, felt | how},
        {"need", "", "", "", "需要", Transitive, Person, goods | Vehicle | Surface, Stative},
        {"lose", "lost", "", "", "丢", Transitive, Person, goods, past | felt | Nowhere | Unwilled},
        {"find", "found", "", "", "找到", Transitive, Person, goods | Animal | Text, past | passive},
        {"look for", "", "", "", "找", Transitive, Person, goods | Person | Animal | Text, felt | how},
        {"break", "broke", "broken", "", "打破", Transitive, Person | Animal, Fragile,
         past | passive | felt | Unwilled},
        {"steal", "stole", "stolen", "", "偷走", Transitive, Person | Animal, goods | Bike, past | passive},
        {"wash", "", "", "", "洗", Transitive, Person, Clothes | Fragile | Vehicle, felt | how},
        {"clean", "", "", "", "打扫", Transitive, Person, Inside, felt | how},
        {"repair", "", "", "", "修理", Transitive, Person, Vehicle | Bike | Surface, felt | how},
        {"open", "", "", "", "打开", Transitive, Person, Opening, past | passive | felt | how},
        {"close", "", "", "", "关上", Transitive, Person, Opening, past | passive | how},
        {"borrow", "", "", "", "借", Transitive, Person, Text | Thing | Bike, felt},
        {"receive", "", "", "", "收到", Transitive, Person, Letter, past | felt | Unwilled},
        {"drive", "drove", "driven", "", "开", Transitive, Person, Vehicle, felt | how | Nowhere},
        {"ride", "rode", "ridden", "", "骑", Transitive, Person, Bike, felt | how | Nowhere},
        {"visit", "", "", "", "参观", Transitive, Person, Sight | Work, felt | Nowhere},
        {"build", "built", "", "", "建造", Transitive, Person, Building | Sight, felt | Nowhere},
        {"design", "", "", "", "设计", Transitive, Person, Building | Vehicle | Clothes, felt | how},
        {"draw", "drew", "drawn", "", "画", Transitive, Person, Animal | Tall | Sight, felt | how},
        // food and drink
        {"eat", "ate", "eaten", "", "吃", Transitive, Person | Animal, Food, felt | how},
        {"drink", "drank", "drunk", "", "喝", Transitive, Person | Animal, Drink, felt | how},
        {"order", "", "", "", "点", Transitive, Person, Food | Drink, felt},
        // senses and texts
        {"see", "saw", "seen", "", "看见", Transitive, Person | Animal, Person | Animal | Vehicle | Tall,
         past | felt | Unwilled},
        {"watch", "", "", "", "看", Transitive, Person, Show, felt},
        {"listen to", "", "", "", "听", Transitive, Person, Sound, felt | how},
        {"write", "wrote", "written", "", "写", Transitive, Person, Text, felt | how},
        {"translate", "", "", "", "翻译", Transitive, Person, Text, felt | how},
        {"discuss", "", "", "", "讨论", Transitive, Person, Topic | Text | Quality, felt | how},
        {"explain", "", "", "", "解释", Transitive, Person, Topic, felt | how},
        {"check", "", "", "", "检查", Transitive, Person, Job | Vehicle, felt | how},
        {"finish", "", "", "", "完成", Transitive, Person, Job, past},
        {"prepare", "", "", "", "准备", Transitive, Person, Event | Job, felt | how},
        {"forget", "forgot", "forgotten", "", "忘记", Transitive, Person, Topic | Quality,
         past | Nowhere | Unwilled},
        {"support", "", "", "", "支持", Transitive, Person, Topic, Stative},
        {"understand", "", "", "", "理解", Transitive, Person, Topic, Stative},
        {"study", "", "", "", "学习", Transitive, Person, Language, felt | how},
        {"teach", "taught", "", "", "教", Transitive, Person, Language, felt},
        {"speak", "spoke", "spoken", "", "说", Transitive, Person, Language, felt | how},
        // people
        {"like", "", "", "", "喜欢", Transitive, Person,
         Person | Animal | Text | Food | Drink | Show | Sound | goods | Quality, Stative},
        {"love", "", "", "", "爱", Transitive, Person, Person, Stative},
        {"know", "", "", "", "认识", Transitive, Person, Person, Stative},
        {"trust", "", "", "", "相信", Transitive, Person, Person, Stative},
        {"help", "", "", "", "帮助", Transitive, Person, Person, felt},
        {"invite", "", "", "", "邀请", Transitive, Person, Person, felt | passive | Nowhere},
        {"meet", "met", "", "", "遇到", Transitive, Person, Person, past | felt | Unwilled},
        {"thank", "", "", "", "感谢", Transitive, Person, Person, felt | Nowhere},
        {"criticise", "", "", "", "批评", Transitive, Person, Person, felt | passive | how},
        {"praise", "", "", "", "表扬", Transitive, Person, Person, felt | passive},
        {"interview", "", "", "", "采访", Transitive, Person, Person, felt | passive},
        {"wait for", "", "", "", "等", Transitive, Person, Person | Vehicle, felt | how},
        {"protect", "", "", "", "保护", Transitive, Person, Animal | Sight, felt | Nowhere},
        {"chase", "", "", "", "追", Transitive, Person | Animal, Animal, felt},
        {"feed", "fed", "", "", "喂", Transitive, Person, Animal, felt | how},
        // gifts and letters
        {"give", "gave", "given", "", "给", Give, Person, goods | Text, past},
        {"send", "sent", "", "", "寄", Benefit, Person, Letter, felt},
        {"write", "wrote", "written", "", "写", Benefit, Person, Letter, felt},
        {"place", "", "", "", "放", Put, Person, goods | Text, past},
        // alone
        {"work", "", "", "", "工作", Intransitive, Person, 0, Sociable | how},
        {"sleep", "slept", "", "", "睡觉", Intransitive, Person | Animal, 0, 0},
        {"rest", "", "", "", "休息", Intransitive, Person | Animal, 0, how},
        {"dance", "", "", "", "跳舞", Intransitive, Person, 0, Sociable | how},
        {"sing", "sang", "sung", "", "唱歌", Intransitive, Person, 0, Sociable | how},
        {"swim", "swam", "swum", "swimming", "游泳", Intransitive, Person, 0, Sociable | Nowhere},
        {"exercise", "", "", "", "锻炼", Intransitive, Person, 0, Sociable},
        {"chat", "chatted", "", "chatting", "聊天", Intransitive, Person, 0, Sociable | how},
        {"play football", "", "", "", "踢 足球", Intransitive, Person, 0, Sociable},
        {"play basketball", "", "", "", "打 篮球", Intransitive, Person, 0, Sociable},
        {"play chess", "", "", "", "下 象棋", Intransitive, Person, 0, Sociable},
        {"have dinner", "had", "", "", "吃 晚饭", Intransitive, Person, 0, Sociable},
        {"leave", "left", "", "", "离开", Intransitive, Person, 0, past | Nowhere},
        {"arrive", "", "", "", "到", Intransitive, Person, 0, past | Nowhere},
        // places
        {"go to", "went", "gone", "", "去", Goal, Person, 0, Moving | Sociable},
        {"come to", "came", "come", "", "来", Goal, Person, 0, Moving | Sociable},
        {"return to", "", "", "", "回到", Goal, Person, 0, Moving | Sociable | past},
        // clauses
        {"say", "said", "", "", "说", Clausal, Person, 0, 0},
        {"think", "", "", "", "觉得", Clausal, Person, 0, Stative},
        {"know", "", "", "", "知道", Clausal, Person, 0, Stative},
        {"hope", "", "", "", "希望", Clausal, Person, 0, Stative},
        {"believe", "", "", "", "相信", Clausal, Person, 0, Stative},
    };
    return table;
}

} // namespace attn::english_chinese

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

#include "core/base/error.h"
#include "core/io/model_file.h"
#include "core/measure/attention_measures.h"
#include "core/run/run.h"
#include "ui/present/attention_map.h"
#include "ui/present/axis_text.h"
#include "ui/present/candidates.h"
#include "ui/present/heads.h"
#include "ui/present/number_table.h"
#include "ui/present/numbers.h"
#include "ui/present/site_text.h"
#include "ui/present/states.h"
#include "ui/present/step_cards.h"
#include "ui/widgets/formula.h"

using namespace attn;
using namespace attn::ui;

namespace {

double parsed(QString text) {
    text.replace(QChar(0x2212), QLatin1Char('-'));
    bool ok = false;
    const double value = text.toDouble(&ok);
    return ok ? value : NAN;
}

/// Two steps over three positions with two heads; every number written by hand.
Trace smallTrace() {
    Trace trace;
    trace.modelName = "small";
    AttentionSpec rule;
    rule.score = Score::General;
    rule.keyWidth = 4;
    rule.heads = 2;
    rule.headWidth = 4;
    trace.axes = {{AxisKind::Source}, {AxisKind::Target}};
    trace.axes[0].positions = {
        {"a", 4, TokenRole::Word, 0, 1}, {"b", 5, TokenRole::Word, 2, 3}, {"</s>", 2, TokenRole::End, 3, 3}};
    trace.sites = {{SiteKind::Cross, 0, false, 1, 0, 2, rule}};
    const float weights[2][2][3] = {{{0.5F, 0.5F, 0}, {1, 0, 0}}, {{0, 0.25F, 0.75F}, {0, 0.5F, 0.5F}}};
    for (int t = 0; t < 2; ++t) {
        StepTrace step;
        step.parent = t - 1;
        step.time = step.pass = t;
        step.wordText = t == 0 ? "x" : "</s>";
        step.wordId = t == 0 ? 7 : 2;
        step.role = t == 0 ? TokenRole::Word : TokenRole::End;
        step.logProb = std::log(0.25F);
        trace.steps.push_back(step);
        Pass pass;
        pass.output = {
            0, 0, {{8, "y", TokenRole::Word, std::log(0.5F)}, {9, "z", TokenRole::Word, std::log(0.125F)}}};
        Row row{0, t, {}, {}, {}, {1, -1}};
        for (int h = 0; h < 2; ++h) {
            HeadTrace head;
            head.weights.assign(weights[t][h], weights[t][h] + 3);
            head.normalised = head.weights;
            head.scores = {1.4375F, 0.5F, -1};
            head.allowed = {1, 1, static_cast<std::uint8_t>(t == 1)};
            head.context = {1, -1};
            head.constant = 6.25;
            head.scoreTerms = Matrix<float>(3, 4, 0);
            const float terms[4] = {0.125F, -0.25F, 1.5F, 0.0625F};
            for (int i = 0; i < 4; ++i) head.scoreTerms(0, i) = terms[i];
            row.heads.push_back(head);
        }
        pass.rows = {row};
        pass.states = {
            {{0, 0, false}, {{StatePart::Hidden, {static_cast<float>(t), 10.0F + static_cast<float>(t)}}}}};
        trace.passes.push_back(pass);
    }
    Track track{0, {}, {{StatePart::Hidden, Matrix<float>(3, 2, 0)}}};
    for (int j = 0; j < 3; ++j)
        for (int u = 0; u < 2; ++u) track.parts[0].values(j, u) = static_cast<float>(10 * j + u);
    trace.tracks = {track};
    trace.leaves = {1};
    return trace;
}

HeadTrace& headOf(Trace& trace, int step, int head) {
    return trace.passes[static_cast<std::size_t>(step)].rows[0].heads[static_cast<std::size_t>(head)];
}

const std::vector<int> both{0, 1};

} // namespace

class TestPresent : public QObject {
    Q_OBJECT
private slots:
    void whiteSpaceIsSeen() {
        Trace trace = smallTrace();
        trace.axes[0].positions[0].text = " ";
        trace.steps[0].wordText = "";
        const AttentionMap map = attentionMap(trace, 0, -1, both);
        for (const QString& label : {map.columnLabels[0], map.rowLabels[0]})
            QVERIFY(!label.trimmed().isEmpty());
        QCOMPARE(map.columnLabels[1], QString("b"));
    }

    void averagesHeadsAndSumsColumns() {
        const AttentionMap mean = attentionMap(smallTrace(), 0, -1, both);
        QCOMPARE(mean.rows, 2);
        QCOMPARE(mean.cols, 3);
        QCOMPARE(mean.weights, (std::vector<float>{0.75F, 0.25F, 0, 0, 0.375F, 0.625F}));
        QCOMPARE(mean.coverage, (std::vector<float>{0.75F, 0.625F, 0.625F}));
        QCOMPARE(mean.allowed, (std::vector<unsigned char>{1, 1, 0, 1, 1, 1}));
        QCOMPARE(mean.rowLabels, (QStringList{"x", "⟨end⟩"}));
        QCOMPARE(mean.columnLabels, (QStringList{"a", "b", "⟨end⟩"}));
        QCOMPARE(mean.columnLabels, axisLabels(smallTrace(), 0, both));
        QCOMPARE(mean.rowLabels, axisLabels(smallTrace(), 1, both));
        const AttentionMap second = attentionMap(smallTrace(), 0, 1, both);
        QCOMPARE(second.weight(1, 2), 0.5F);
        QCOMPARE(second.entropy, (std::vector<float>{0, 1}));
        QVERIFY_EXCEPTION_THROWN(attentionMap(smallTrace(), 0, 2, both), Error);
        QVERIFY_EXCEPTION_THROWN(attentionMap(smallTrace(), 1, 0, both), Error);
        QVERIFY(attentionMap(smallTrace(), -1, -1, both).isEmpty());
    }

    /// The window's margins are core/measure's numbers.
    void marginsAreThoseOfTheMeasures() {
        Trace trace = smallTrace();
        headOf(trace, 0, 0).weights = {0.5F, 0.125F, 0.25F};
        const AttentionMap map = attentionMap(trace, 0, -1, both);
        for (int t = 0; t < 2; ++t) {
            const float* row = map.weights.data() + 3 * t;
            QCOMPARE(std::vector<float>(row, row + 3),
                     meanOverHeads(trace.passes[std::size_t(t)].rows[0].heads));
            QCOMPARE(map.entropy[std::size_t(t)], static_cast<float>(attentionEntropyBits(row, 3)));
        }
        QCOMPARE(map.coverage, attentionCoverage(map.weights.data(), 2, 3));
    }

    void entropyIsOfTheShares() {
        Trace trace = smallTrace();
        headOf(trace, 0, 0).weights = {0.5F, 0.5F, 0.5F};
        headOf(trace, 1, 0).weights = {0, 0, 0};
        const AttentionMap map = attentionMap(trace, 0, 0, both);
        QCOMPARE(map.entropy[0], std::log2(3.0F));
        QCOMPARE(map.entropy[1], 0.0F);
    }

    void aRowThatWasNotRecordedIsMissing() {
        Trace trace = smallTrace();
        trace.passes[1].rows.clear();
        const AttentionMap map = attentionMap(trace, 0, -1, both);
        QVERIFY(std::isnan(map.weight(1, 0)) && std::isnan(map.entropy[1]));
        QCOMPARE(map.coverage, (std::vector<float>{0.75F, 0.25F, 0}));
        QCOMPARE(headSummaries(trace, 0, both)[1].meanMaximum, 0.5F);
    }

    void titleNamesHeadAndRule() {
        Trace trace = smallTrace();
        trace.sites[0].heads = 4;
        AttentionSpec& spec = *trace.sites[0].rule;
        QVERIFY(mapTitle(trace, 0, -1).contains("mean of 4 heads"));
        QVERIFY(mapTitle(trace, 0, 1).contains("head 2 of 4"));
        spec.temperature = 0.5;
        spec.normaliser = Normaliser::Sparsemax;
        spec.scope = Scope::LocalP;
        spec.window = 3;
        QVERIFY(mapTitle(trace, 0, -1).contains("local, predictive, D = 3"));
        QVERIFY(mapTitle(trace, 0, -1).contains("sparsemax, temperature 0.50"));
        QVERIFY(!mapTitle(trace, 0, -1).contains("cross")); // there is no other attention
        trace.sites.push_back({SiteKind::Copy, 0, false, 1, 0, 1, AttentionSpec()});
        QVERIFY(mapTitle(trace, 0, 1).startsWith("cross attention · head 2 of 4"));
        QCOMPARE(mapTitle(trace, 1, -1), QString("copying · single head · softmax"));
        QCOMPARE(mapTitle(trace, -1, -1), QString("no attention"));
    }

    void titleOfWeightsAlone() {
        Trace trace = smallTrace();
        trace.sites[0].heads = 4;
        trace.sites[0].rule.reset();
        QCOMPARE(mapTitle(trace, 0, 1), QString("head 2 of 4 · weights of another map"));
        trace.tracks.clear(); // nothing but the weights is known: then they come from a file
        for (Pass& pass : trace.passes) {
            pass.output.reset();
            pass.states.clear();
        }
        QCOMPARE(mapTitle(trace, 0, 1), QString("head 2 of 4 · weights from a file"));
        trace.sites[0].heads = 1;
        QCOMPARE(mapTitle(trace, 0, -1), QString("weights from a file"));
    }

    void goldLinksBelongToMapsOfTargetBySource() {
        Trace trace = smallTrace();
        trace.gold = {{0, 1, true}, {1, 0, false}};
        QCOMPARE(int(goldCells(trace, 0).size()), 2);
        QCOMPARE(goldCells(trace, 0)[0].row, 1);
        trace.axes.push_back({AxisKind::Target, {}, true});
        trace.sites.push_back({SiteKind::DecoderSelf, 0, false, 1, 2, 1, AttentionSpec()});
        QVERIFY(goldCells(trace, 1).empty() && goldCells(trace, -1).empty());
    }

    void scoreIsTheSumOfItsTerms() {
        const std::vector<StepCard> cards = stepCards(smallTrace(), 0, both, 0, 0, 0);
        QCOMPARE(int(cards.size()), 6);
        const StepCard& card = cards[0];
        QCOMPARE(card.terms.front().unit, 2);
        QCOMPARE(card.terms[1].unit, 1);
        const auto& numbers = card.formulas[0].numbers;
        QCOMPARE(numbers["term1"], QString("1.500"));
        QCOMPARE(numbers["term2"], QString(QChar(0x2212)) + "0.250");
        QCOMPARE(numbers["term3"], QString("0.125"));
        QVERIFY(std::abs(parsed(numbers["rest"]) - 0.0625) < 0.00051);
        QVERIFY(std::abs(parsed(numbers["score"]) - 1.4375) < 0.00051);
    }

    /// Cards show what the stage recorded, whatever other numbers would make of it.
    void cardsTakeTheirNumbersFromTheRecord() {
        Trace trace = smallTrace();
        HeadTrace& head = headOf(trace, 0, 0);
        head.allowed = {1, 1, 1};
        AttentionSpec& rule = *trace.sites[0].rule;
        const auto numbers = [&](int card) {
            return stepCards(trace, 0, both, 0, 1, 0)[card].formulas[0].numbers;
        };
        const std::pair<Normaliser, const char*> constants[] = {{Normaliser::Softmax, "sum"},
                                                                {Normaliser::Sparsemax, "threshold"},
                                                                {Normaliser::Entmax15, "threshold"},
                                                                {Normaliser::Hard, "largest"}};
        for (const auto& [normaliser, slot] : constants) {
            rule.normaliser = normaliser;
            QCOMPARE(numbers(2)[slot], QString("6.250"));
        }
        head.constant.reset(); // not recorded: the formula stands without numbers
        QVERIFY(stepCards(trace, 0, both, 0, 1, 0)[2].formulas[0].numbersName.isEmpty());
        rule.scope = Scope::LocalP;
        rule.window = 2;
        head.position = 1.5F;
        head.positionLogit = -0.75F;
        head.gaussian = {1, 0.5F, 0.25F};
        head.factor = {1, 0.375F, 0.25F};
        QCOMPARE(parsed(numbers(1)["position"]), 1.5);
        QCOMPARE(parsed(numbers(1)["logit"]), -0.75);
        QCOMPARE(stepCards(trace, 0, both, 0, 1, 0)[3].result, QString("× 0.3750"));
    }

    void outOfScopeHasNoNumbers() {
        Trace trace = smallTrace();
        headOf(trace, 0, 0).scores[2] = 0;
        const std::vector<StepCard> cards = stepCards(trace, 0, both, 0, 2, 0);
        QVERIFY(cards[0].formulas[0].numbersName.isEmpty());
        QVERIFY(cards[2].formulas[0].numbersName.isEmpty());
        QVERIFY(!cards[2].remark.isEmpty());
    }

    void withoutAKeyTheLargestWeightIsExplained() {
        Trace trace = smallTrace();
        QCOMPARE(explainedKey(headOf(trace, 1, 0), -1), 2);
        QCOMPARE(explainedKey(headOf(trace, 1, 0), 0), 0);
        QVERIFY(stepCards(trace, 0, both, 2, 0, 0).empty());
        trace.sites[0].rule.reset(); // only weights are known
        QVERIFY(stepCards(trace, 0, both, 0, 0, 0).empty());
    }

    void statesAreUnitsByTime() {
        const Trace trace = smallTrace();
        const std::vector<StateChoice> choices = stateChoices(trace);
        QCOMPARE(int(choices.size()), 2);
        const StateMap encoder = stateMap(trace, both, choices[0]);
        QCOMPARE(encoder.units, 2);
        QCOMPARE(encoder.times, 3);
        QCOMPARE(encoder.axis, 0);
        QCOMPARE(encoder.value(1, 2), 21.0F);
        const StateMap decoder = stateMap(trace, both, choices[1]);
        QCOMPARE(decoder.curve(1), (std::vector<double>{10, 11}));
        QCOMPARE(decoder.axis, 1);
        QCOMPARE(decoder.timeLabels, (QStringList{"x", "⟨end⟩"}));
    }

    void cellsAreNamed() {
        Trace trace = smallTrace();
        const auto names = [&] {
            QStringList names;
            for (const StateChoice& choice : stateChoices(trace)) names << choice.cellName;
            return names;
        };
        QCOMPARE(names(), (QStringList{"Encoder", "Decoder"}));
        Track second = trace.tracks[0];
        second.place = {1, 2, true};
        trace.tracks.push_back(second);
        const CellTrace cell = trace.passes[0].states[0];
        trace.passes[0].states = {cell, {{0, 1, false}, cell.parts}, {{1, 2, false}, cell.parts}};
        QCOMPARE(names(), (QStringList{"Encoder, forward, layer 1", "Encoder, backward, layer 2, cell 3",
                                       "Decoder, layer 1", "Decoder, layer 1, second cell",
                                       "Decoder, layer 2, cell 3"}));
    }

    void positionsBeyondTheSentenceAreNoTimesOfTheEncoder() {
        Trace trace = smallTrace();
        const QStringList words = stateMap(trace, both, stateChoices(trace)[0]).timeLabels;
        QCOMPARE(int(words.size()), 3);
        trace.axes[0].positions.push_back({"\u2205", -1, TokenRole::Empty});
        QCOMPARE(stateMap(trace, both, stateChoices(trace)[0]).timeLabels, words);
        QCOMPARE(axisText(trace.axes[0].positions.back()), QStringLiteral("\u2205"));
        QCOMPARE(axisText(Position{"<sos>", 2, TokenRole::Start}), QStringLiteral("⟨start⟩"));
        QCOMPARE(axisText(Position{"</s>", 3, TokenRole::End, 9, 9}), QStringLiteral("⟨end⟩"));
        QCOMPARE(axisText(Position{"</s>", 3, TokenRole::Word, 9, 13}),
                 QStringLiteral("</s>")); // a typed one
    }

    void candidatesHoldAllOfTheMass() {
        const CandidateList list = candidateList(smallTrace(), 0);
        QCOMPARE(int(list.rows.size()), 3); // the chosen word is not among the recorded ones
        QVERIFY(list.rows[2].chosen);
        QVERIFY(std::abs(list.rest - 0.125) < 1e-6);
        QCOMPARE(forcedPrefix(smallTrace(), both, 1, "z"), (std::vector<std::string>{"x", "z"}));
        Trace trace = smallTrace();
        trace.passes[0].output.reset();
        QVERIFY(candidateList(trace, 0).rows.empty() && hasCandidates(trace));
        trace.passes[1].output.reset();
        QVERIFY(!hasCandidates(trace));
    }

    /// Whatever a vocabulary calls it.
    void anyEndSymbolIsShownAsTheEnd() {
        Trace trace = smallTrace();
        trace.passes[0].output->candidates = {{8, "<eos>", TokenRole::End, std::log(0.5F)},
                                              {9, "</s>", TokenRole::Word, std::log(0.125F)}};
        const CandidateList list = candidateList(trace, 0);
        QCOMPARE(list.rows[0].text, QString("⟨end⟩"));
        QCOMPARE(list.rows[0].token, std::string("<eos>"));
        QCOMPARE(list.rows[1].text, QString("</s>"));
        trace.steps[1].wordText = "<eos>";
        QCOMPARE(candidateList(trace, 1).rows.back().text, QString("⟨end⟩"));
        QCOMPARE(attentionMap(trace, 0, -1, both).rowLabels[1], QString("⟨end⟩"));
    }

    void headsAreSummedUp() {
        const std::vector<HeadSummary> heads = headSummaries(smallTrace(), 0, both);
        QCOMPARE(int(heads.size()), 3);
        QCOMPARE(heads[2].meanEntropy, 0.5F);
        QCOMPARE(heads[2].meanMaximum, 0.75F);
        QVERIFY(headSummaries(smallTrace(), 0, {}).empty());
        QVERIFY(headSummaries(smallTrace(), -1, both).empty());
    }

    void numbersAreForPeople() {
        QCOMPARE(number(-0.5, 2), QString(QChar(0x2212)) + "0.50");
        QCOMPARE(number(-0.001, 2), QString("0.00"));
        QCOMPARE(number(12345678, 2), QString("1.2e+07"));
        QCOMPARE(number(NAN, 2), QString("nan"));
        QCOMPARE(weightText(0), QString("0.0000"));
        QCOMPARE(weightText(0.00001), QString("<0.0001"));
    }

    void tablesAreExported() {
        NumberTable table{"m, \"x\"", {"a,b", "c"}, {"r"}, {{0.1F, NAN}}};
        QCOMPARE(toCsv(table), QByteArray("\"m, \"\"x\"\"\",\"a,b\",c\r\nr,0.1,\r\n"));
        const QJsonObject json = QJsonDocument::fromJson(toJson(table)).object();
        const QJsonArray values = json["rows"].toArray()[0].toObject()["values"].toArray();
        QCOMPARE(values[0].toDouble(), 0.1);
        QVERIFY(values[1].isNull());
        QCOMPARE(toTabs(table), QString("m, \"x\"\ta,b\tc\nr\t0.1\t\n"));
    }

    void cardsReproduceRealRuns_data() {
        QTest::addColumn<QString>("model");
        for (const char* name :
             {"torch_gru_additive", "torch_four_heads", "torch_elman_concat", "torch_lstm_dot_bridge",
              "torch_lstm_general_feed", "torch_gru_between_cells"})
            QTest::newRow(name) << QString(name);
    }
    /// Every slot of every formula is filled, the terms sum to the score, and the quotient to the weight.
    void cardsReproduceRealRuns() {
        QFETCH(QString, model);
        const ModelPtr open =
            openModel(ATTENTOSCOPE_FIXTURES "/models/" + model.toStdString() + ".safetensors");
        Recipe recipe;
        recipe.source = "the small cat sees a bird";
        const TracePtr trace = run(*open, recipe);
        const std::vector<int> path = trace->bestPath();
        QVERIFY(!path.empty());
        for (int t = 0; t < static_cast<int>(path.size()); ++t)
            for (int j = 0; j < trace->length(0, path); ++j)
                for (int h = 0; h < trace->sites[0].heads; ++h) {
                    const std::vector<StepCard> cards = stepCards(*trace, 0, path, t, j, h);
                    QCOMPARE(int(cards.size()), 6);
                    for (const StepCard& card : cards)
                        for (const FormulaText& formula : card.formulas) {
                            FormulaStore::shared().info(formula.name);
                            if (formula.numbersName.isEmpty()) continue;
                            for (const FormulaSlot& slot :
                                 FormulaStore::shared().info(formula.numbersName).places)
                                QVERIFY2(formula.numbers.contains(slot.name),
                                         qPrintable(formula.name + slot.name));
                            FormulaStore::shared().reading(formula.numbersName, formula.numbers);
                        }
                    const HeadTrace& head = trace->row(0, t, path)->heads[std::size_t(h)];
                    const auto& score = cards[0].formulas[0].numbers;
                    if (!cards[0].formulas[0].numbersName.isEmpty()) {
                        const double sum = parsed(score["term1"]) + parsed(score["term2"]) +
                                           parsed(score["term3"]) + parsed(score["rest"]);
                        const double scale = score.contains("d_k") ? std::sqrt(parsed(score["d_k"])) : 1;
                        QVERIFY(std::abs(sum / scale - head.scores[j]) <
                                0.003 * (1 + std::abs(head.scores[j])));
                        QVERIFY(std::abs(parsed(score["score"]) - head.scores[j]) <=
                                0.00051 + 0.001 * std::abs(head.scores[j]));
                    }
                    const auto& weight = cards[2].formulas[0].numbers;
                    if (trace->sites[0].rule->normaliser == Normaliser::Softmax) {
                        const double quotient =
                            std::exp(parsed(weight["score"]) / parsed(weight["temperature"])) /
                            parsed(weight["sum"]);
                        QVERIFY(std::abs(quotient - head.normalised[j]) < 0.003);
                    }
                }
    }
};

QTEST_MAIN(TestPresent)
#include "test_present.moc"

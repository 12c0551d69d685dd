// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

#include "core/base/error.h"
#include "core/io/model_file.h"
#include "core/run/run.h"
#include "ui/present/alignment.h"
#include "ui/present/candidates.h"
#include "ui/present/heads.h"
#include "ui/present/number_table.h"
#include "ui/present/numbers.h"
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
    trace.attention.score = Score::General;
    trace.attention.keyWidth = 4;
    trace.attention.heads = 2;
    trace.attention.headWidth = 4;
    trace.source = {{"a", 4, true, false, 0, 1}, {"b", 5, false, false, 2, 3}, {"</s>", 2, true, true, 3, 3}};
    const float weights[2][2][3] = {{{0.5F, 0.5F, 0}, {1, 0, 0}}, {{0, 0.25F, 0.75F}, {0, 0.5F, 0.5F}}};
    for (int t = 0; t < 2; ++t) {
        StepTrace step;
        step.parent = t - 1;
        step.time = t;
        step.wordText = t == 0 ? "x" : "</s>";
        step.wordId = t == 0 ? 7 : 2;
        step.end = t == 1;
        step.logProb = std::log(0.25F);
        step.candidates = {{8, "y", std::log(0.5F)}, {9, "z", std::log(0.125F)}};
        for (int h = 0; h < 2; ++h) {
            HeadTrace head;
            head.weights.assign(weights[t][h], weights[t][h] + 3);
            head.normalised = head.weights;
            head.scores = {1.4375F, 0.5F, -1};
            head.allowed = {1, 1, static_cast<std::uint8_t>(t == 1)};
            head.context = {1, -1};
            head.scoreTerms = Matrix<float>(3, 4, 0);
            const float terms[4] = {0.125F, -0.25F, 1.5F, 0.0625F};
            for (int i = 0; i < 4; ++i) head.scoreTerms(0, i) = terms[i];
            step.heads.push_back(head);
        }
        step.decoder = {{"layer 1", {{"hidden", {static_cast<float>(t), 10.0F + static_cast<float>(t)}}}}};
        trace.steps.push_back(step);
    }
    EncoderLayerTrace layer;
    layer.parts = {{"hidden", Matrix<float>(3, 2, 0)}};
    for (int j = 0; j < 3; ++j)
        for (int u = 0; u < 2; ++u) layer.parts[0].values(j, u) = static_cast<float>(10 * j + u);
    trace.encoder = {layer};
    trace.leaves = {1};
    return trace;
}

const std::vector<int> both{0, 1};

} // namespace

class TestPresent : public QObject {
    Q_OBJECT
private slots:
    void whiteSpaceIsSeen() {
        Trace trace = smallTrace();
        trace.source[0].text = " ";
        trace.steps[0].wordText = "";
        const Alignment map = alignment(trace, {0, 1}, -1);
        for (const QString& label : {map.sources[0], map.targets[0]}) QVERIFY(!label.trimmed().isEmpty());
        QCOMPARE(map.sources[1], QString("b"));
    }

    void averagesHeadsAndSumsColumns() {
        const Alignment mean = alignment(smallTrace(), both, -1);
        QCOMPARE(mean.rows, 2);
        QCOMPARE(mean.cols, 3);
        QCOMPARE(mean.weights, (std::vector<float>{0.75F, 0.25F, 0, 0, 0.375F, 0.625F}));
        QCOMPARE(mean.coverage, (std::vector<float>{0.75F, 0.625F, 0.625F}));
        QCOMPARE(mean.allowed, (std::vector<unsigned char>{1, 1, 0, 1, 1, 1}));
        QCOMPARE(mean.targets, (QStringList{"x", "⟨end⟩"}));
        QCOMPARE(mean.sources, (QStringList{"a", "b", "⟨end⟩"}));
        const Alignment second = alignment(smallTrace(), both, 1);
        QCOMPARE(second.weight(1, 2), 0.5F);
        QCOMPARE(second.entropy, (std::vector<float>{0, 1}));
        QVERIFY_EXCEPTION_THROWN(alignment(smallTrace(), both, 2), Error);
    }

    void entropyIsOfTheShares() {
        const float uniform[4] = {0.5F, 0.5F, 0.5F, 0.5F}, none[2] = {0, 0}, one[3] = {0, 0.25F, 0};
        QCOMPARE(entropyBits(uniform, 4), 2.0F);
        QCOMPARE(entropyBits(none, 2), 0.0F);
        QCOMPARE(entropyBits(one, 3), 0.0F);
    }

    void titleNamesHeadAndRule() {
        Trace trace;
        AttentionSpec& spec = trace.attention;
        spec.heads = 4;
        QVERIFY(mapTitle(trace, -1).contains("mean of 4 heads"));
        QVERIFY(mapTitle(trace, 1).contains("head 2 of 4"));
        spec.temperature = 0.5;
        spec.normaliser = Normaliser::Sparsemax;
        spec.scope = Scope::LocalP;
        spec.window = 3;
        QVERIFY(mapTitle(trace, -1).contains("sparsemax, temperature 0.50"));
        QVERIFY(mapTitle(trace, -1).contains("D = 3"));
        trace.fromDump = true; // then nothing but the heads is known
        QCOMPARE(mapTitle(trace, 1), QString("head 2 of 4 · weights from a file"));
        spec.heads = 0;
        QCOMPARE(mapTitle(trace, -1), QString("weights from a file"));
    }

    void scoreIsTheSumOfItsTerms() {
        const std::vector<StepCard> cards = stepCards(smallTrace(), both, 0, 0, 0);
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

    void thresholdsReproduceTheWeights() {
        Trace trace = smallTrace();
        HeadTrace& head = trace.steps[0].heads[0];
        head.allowed = {1, 1, 1};
        head.scores = {1, 0.5F, -1};
        head.normalised = head.weights = {0.75F, 0.25F, 0};
        trace.attention.normaliser = Normaliser::Sparsemax;
        QCOMPARE(parsed(stepCards(trace, both, 0, 1, 0)[2].formulas[0].numbers["threshold"]), 0.25);
        head.scores = {0, 0, -9};
        head.normalised = head.weights = {0.5F, 0.5F, 0};
        trace.attention.normaliser = Normaliser::Entmax15;
        const double threshold = parsed(stepCards(trace, both, 0, 1, 0)[2].formulas[0].numbers["threshold"]);
        QVERIFY(std::abs(threshold * threshold - 0.5) < 0.002);
        QVERIFY(threshold < 0);
    }

    void outOfScopeHasNoNumbers() {
        Trace trace = smallTrace();
        trace.steps[0].heads[0].scores[2] = 0;
        const std::vector<StepCard> cards = stepCards(trace, both, 0, 2, 0);
        QVERIFY(cards[0].formulas[0].numbersName.isEmpty());
        QVERIFY(cards[2].formulas[0].numbersName.isEmpty());
        QVERIFY(!cards[2].remark.isEmpty());
    }

    void withoutASourceTheLargestWeightIsExplained() {
        const Trace trace = smallTrace();
        QCOMPARE(explainedSource(trace.steps[1].heads[0], -1), 2);
        QCOMPARE(explainedSource(trace.steps[1].heads[0], 0), 0);
        QVERIFY(stepCards(trace, both, 2, 0, 0).empty());
    }

    void statesAreUnitsByTime() {
        const Trace trace = smallTrace();
        const std::vector<StateChoice> choices = stateChoices(trace);
        QCOMPARE(int(choices.size()), 2);
        const StateMap encoder = stateMap(trace, both, choices[0]);
        QCOMPARE(encoder.units, 2);
        QCOMPARE(encoder.times, 3);
        QCOMPARE(encoder.value(1, 2), 21.0F);
        const StateMap decoder = stateMap(trace, both, choices[1]);
        QCOMPARE(decoder.curve(1), (std::vector<double>{10, 11}));
        QCOMPARE(decoder.timeLabels, (QStringList{"x", "⟨end⟩"}));
    }

    void positionsBeyondTheSentenceAreNoTimesOfTheEncoder() {
        Trace trace = smallTrace();
        const QStringList words = stateMap(trace, both, stateChoices(trace)[0]).timeLabels;
        QCOMPARE(int(words.size()), 3);
        trace.source.push_back({"\u2205", -1, true, true, 0, 0});
        QCOMPARE(stateMap(trace, both, stateChoices(trace)[0]).timeLabels, words);
        QCOMPARE(axisText(trace.source.back()), QStringLiteral("\u2205"));
        QCOMPARE(axisText(SourceToken{"<sos>", 2, true, true, 0, 0}), QStringLiteral("<sos>"));
        QCOMPARE(axisText(SourceToken{"</s>", 3, true, true, 9, 9}), QStringLiteral("⟨end⟩"));
    }

    void candidatesHoldAllOfTheMass() {
        const CandidateList list = candidateList(smallTrace().steps[0]);
        QCOMPARE(int(list.rows.size()), 3); // the chosen word is not among the recorded ones
        QVERIFY(list.rows[2].chosen);
        QVERIFY(std::abs(list.rest - 0.125) < 1e-6);
        QCOMPARE(forcedPrefix(smallTrace(), both, 1, "z"), (std::vector<std::string>{"x", "z"}));
    }

    void headsAreSummedUp() {
        const std::vector<HeadSummary> heads = headSummaries(smallTrace(), both);
        QCOMPARE(int(heads.size()), 3);
        QCOMPARE(heads[2].meanEntropy, 0.5F);
        QCOMPARE(heads[2].meanMaximum, 0.75F);
        QVERIFY(headSummaries(smallTrace(), {}).empty());
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
            for (int j = 0; j < static_cast<int>(trace->source.size()); ++j)
                for (int h = 0; h < trace->attention.maps(); ++h) {
                    const std::vector<StepCard> cards = stepCards(*trace, path, t, j, h);
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
                    const HeadTrace& head = trace->steps[path[t]].heads[h];
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
                    if (trace->attention.normaliser == Normaliser::Softmax) {
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

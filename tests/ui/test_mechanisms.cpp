// SPDX-License-Identifier: GPL-3.0-or-later
// The window and its cards on models without attention and with monotonic attention.
#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QTemporaryDir>
#include <cmath>

#include "core/io/model_file.h"
#include "core/run/run.h"
#include "core/train/preset.h"
#include "tests/ui/window_fixture.h"
#include "ui/present/attention_map.h"
#include "ui/present/heads.h"
#include "ui/present/site_text.h"
#include "ui/present/step_cards.h"
#include "ui/views/step_card_widget.h"
#include "ui/widgets/formula.h"
#include "ui/widgets/theme.h"

using namespace attn;
using namespace attn::ui;

namespace {

constexpr const char* kSentence = "a b c b a";

/// A small untrained model of a preset, with numbers large enough that steps differ.
std::shared_ptr<Model> modelOf(const std::string& preset, std::uint64_t seed) {
    ModelRecipe recipe;
    recipe.attention = preset;
    recipe.embedding = recipe.readoutWidth = 8;
    recipe.encoderWidth = 6;
    recipe.decoderWidth = 10;
    recipe.attentionWidth = 6;
    const Vocabulary words = Vocabulary::ofWords({"a", "b", "c", "d"});
    const EncoderDecoderSpec spec = presetSpec(recipe, words.size(), words.size());
    Random random(seed);
    Parameters<float> parameters = Parameters<float>::initialised(spec.schema(), random);
    for (auto& entry : parameters.entries())
        if (!entry.shape.shape.empty())
            for (float& x : entry.var.mutableValue()) x *= 3;
    if (parameters.contains("attention.b_monotonic")) // from what hardly ever chooses to what soon does
        parameters["attention.b_monotonic"].mutableValue()(0, 0) = 0.5F * static_cast<float>(seed) - 6;
    ModelCard card;
    card.name = preset;
    return std::make_shared<Model>(
        card, spec, std::vector{makeSide(SideRole::Source, words), makeSide(SideRole::Target, words)},
        std::move(parameters));
}

TracePtr traceOf(const std::string& preset, std::uint64_t seed = 3) {
    Recipe recipe;
    recipe.source = kSentence;
    recipe.maxSteps = 6;
    return run(*modelOf(preset, seed), recipe);
}

/// Every slot of every formula has its number, and there is no number without a slot: the formula's own
/// widget refuses both.
void checkFormulas(const std::vector<StepCard>& cards) {
    for (const StepCard& card : cards)
        for (const FormulaText& formula : card.formulas) {
            FormulaStore::shared().info(formula.name);
            if (formula.numbersName.isEmpty()) continue;
            QStringList places;
            for (const FormulaSlot& slot : FormulaStore::shared().info(formula.numbersName).places)
                if (!places.contains(slot.name)) places << slot.name;
            places.sort();
            QCOMPARE(QStringList(formula.numbers.keys()), places);
        }
}

} // namespace

class TestMechanisms : public QObject {
    Q_OBJECT
private slots:
    void init() {
        QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("attentoscope"),
                  QStringLiteral("attentoscope"))
            .clear();
    }

    void withoutAttentionNothingIsDrawn() {
        const TracePtr trace = traceOf("none");
        const std::vector<int> path = trace->bestPath();
        QVERIFY(trace->sites.empty());
        const AttentionMap map = attentionMap(*trace, -1, -1, path);
        QVERIFY(map.isEmpty() && map.weights.empty() && map.coverage.empty() && map.columnLabels.isEmpty());
        QVERIFY(headSummaries(*trace, -1, path).empty());
        QCOMPARE(mapTitle(*trace, -1, -1), QStringLiteral("no attention"));
        const std::vector<StepCard> cards = stepCardsWithoutAttention(*trace, path, 0);
        QCOMPARE(int(cards.size()), 2);
        QVERIFY(cards[0].stage == Stage::Mix && cards[1].stage == Stage::Gate);
        const std::vector<float>& context = trace->passOf(path[0]).vector(StepVector::Context);
        QVERIFY(!context.empty());
        QCOMPARE(cards[0].strip, context);
        checkFormulas(cards);
        double squares = 0;
        for (float x : context) squares += double(x) * double(x);
        QVERIFY(std::abs(cards[0].formulas[0].numbers["norm"].toDouble() - std::sqrt(squares)) < 0.00051);
    }

    void theWindowSaysThatThereIsNoAttention() {
        QTemporaryDir folder;
        const QString file = folder.filePath("none.safetensors");
        saveModel(*modelOf("none", 3), file.toStdString(), StoredType::F32);
        const auto window = shownWindow("torch_gru_additive", kSentence);
        QVERIFY(window);
        AlignmentView* view = window->alignmentView();
        CellMap* map = view->map();
        QVERIFY(map->isVisible() && map->cols() > 0);
        QTest::mouseClick(map, Qt::LeftButton, {}, cellPoint(map, 0, 1)); // something is pinned
        window->openModel(file);
        QVERIFY(QTest::qWaitFor([&] {
            const TracePtr& trace = window->session().trace();
            return trace && trace->modelName == "none" && waitForWindow(*window);
        }));
        QCoreApplication::processEvents();
        const auto says = [&](const QWidget* where) {
            for (const QLabel* label : where->findChildren<QLabel*>())
                if (label->isVisible() && label->text() == noAttentionText(*window->session().trace()))
                    return true;
            return false;
        };
        QVERIFY(!map->isVisible());
        QCOMPARE(map->cols(), 0);
        QVERIFY(says(view));
        QVERIFY(view->numbers().isEmpty());
        QVERIFY(view->caption().contains("no attention"));
        StepView* steps = window->stepView();
        QVERIFY(steps->card(Stage::Mix)->isVisible() && !steps->card(Stage::Score)->isVisible());
        QVERIFY(!steps->caption().contains("head"));
        QVERIFY(steps->numbers().isEmpty());
        // Steps, positions, heads: nothing that a hand can do finds a map.
        window->selection().setStep(1);
        window->selection().moveKey(1);
        window->selection().cycleHead();
        window->selection().promoteHead(0);
        Pointing at;
        at.at = {{0, 1}, {1, 0}};
        at.site = at.head = 0;
        window->selection().hover(at);
        QCoreApplication::processEvents();
        QVERIFY(!map->isVisible());
        for (TraceView* each : {static_cast<TraceView*>(view), static_cast<TraceView*>(steps),
                                static_cast<TraceView*>(window->headsView())}) {
            QImage image(400, 300, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::white);
            QPainter painter(&image);
            each->paintFigure(painter, QSizeF(400, 300), lightTheme());
        }
        window->openModel(fixtureModel("torch_four_heads"));
        QVERIFY(QTest::qWaitFor([&] {
            const TracePtr& trace = window->session().trace();
            return trace && !trace->sites.empty() && trace->sites[0].heads == 4 && waitForWindow(*window);
        }));
        QCoreApplication::processEvents();
        QVERIFY(map->isVisible() && map->cols() > 0 && !says(view));
        QVERIFY(steps->card(Stage::Score)->isVisible());
    }

    void cardsReproduceTheWeights_data() {
        QTest::addColumn<QString>("preset");
        for (const char* preset :
             {"sparsemax", "entmax", "luong2015-local-m", "luong2015-local-p", "l-attention", "coverage"})
            QTest::newRow(preset) << preset;
    }
    /// What a card's formula says holds for the numbers in it, which come from the record.
    void cardsReproduceTheWeights() {
        QFETCH(QString, preset);
        int checked = 0;
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            const TracePtr trace = traceOf(preset.toStdString(), seed);
            const std::vector<int> path = trace->bestPath();
            const AttentionSpec& rule = *trace->sites[0].rule;
            for (int t = 0; t < int(path.size()); ++t)
                for (int j = 0; j < trace->length(0, path); ++j) {
                    const HeadTrace& head = trace->row(0, t, path)->heads[0];
                    const std::vector<StepCard> cards = stepCards(*trace, 0, path, t, j, 0);
                    checkFormulas(cards);
                    const auto number = [&](int card, int formula, const char* slot) {
                        QString text = cards[std::size_t(card)].formulas[formula].numbers[slot];
                        return text.replace(QChar(0x2212), QLatin1Char('-')).toDouble();
                    };
                    const double weight = double(head.normalised[std::size_t(j)]);
                    if (rule.scope == Scope::LocalP) {
                        const double centre = number(1, 0, "S") / (1 + std::exp(-number(1, 0, "logit")));
                        QVERIFY(std::abs(centre - number(1, 0, "position")) < 0.01);
                        const double away =
                            (number(3, 0, "j") - number(3, 0, "position")) / number(3, 0, "sigma");
                        QVERIFY(std::abs(std::exp(-away * away / 2) - double(head.gaussian[std::size_t(j)])) <
                                0.01);
                    }
                    if (!head.allowed[std::size_t(j)]) continue;
                    const double z = number(2, 0, "score") / number(2, 0, "temperature");
                    if (rule.normaliser == Normaliser::Sparsemax) {
                        QVERIFY(std::abs(std::max(0.0, z - number(2, 0, "threshold")) - weight) < 0.003);
                    } else if (rule.normaliser == Normaliser::Entmax15) {
                        const double root = std::max(0.0, z / 2 - number(2, 0, "threshold"));
                        QVERIFY(std::abs(root * root - weight) < 0.006);
                    } else {
                        QVERIFY(std::abs(std::exp(z) / number(2, 0, "sum") - weight) < 0.01);
                    }
                    if (rule.coverage && t > 0) {
                        QVERIFY(std::abs(number(4, 1, "previous") + number(4, 1, "weight") -
                                         number(4, 1, "coverage")) < 0.002);
                    }
                    if (rule.relevance) {
                        QCOMPARE(number(3, 0, "factor") > 0, head.relevance[std::size_t(j)] > 0);
                        QVERIFY(std::abs(double(head.weights[std::size_t(j)]) -
                                         weight * number(3, 0, "factor")) < 0.001);
                    }
                    ++checked;
                }
        }
        QVERIFY(checked > 50);
    }

    void monotonicCardsReproduceTheChoice() {
        int chosen = 0, passed = 0, over = 0;
        for (std::uint64_t seed = 1; seed <= 24; ++seed) {
            const TracePtr trace = traceOf("monotonic", seed);
            const std::vector<int> path = trace->bestPath();
            QVERIFY(mapTitle(*trace, 0, -1).contains("monotonic · sigmoid"));
            for (int t = 0; t < int(path.size()); ++t)
                for (int j = 0; j < trace->length(0, path); ++j) {
                    const HeadTrace& head = trace->row(0, t, path)->heads[0];
                    const std::vector<StepCard> cards = stepCards(*trace, 0, path, t, j, 0);
                    QCOMPARE(int(cards.size()), 6);
                    checkFormulas(cards);
                    const auto& factor = cards[3].formulas[0];
                    QCOMPARE(factor.name, QStringLiteral("monotonic_weight"));
                    const bool here = head.weights[std::size_t(j)] == 1;
                    QCOMPARE(factor.numbers["weight"].toDouble(), here ? 1.0 : 0.0);
                    if (here) QCOMPARE(factor.numbers["relation"], QStringLiteral(">"));
                    const bool open = head.allowed[std::size_t(j)] != 0;
                    const auto& scope = cards[1].formulas[0].numbers;
                    if (open) {
                        QVERIFY(j >= scope["from"].toInt());
                        auto number = [&](const char* slot) {
                            QString text = cards[2].formulas[0].numbers[slot];
                            return text.replace(QChar(0x2212), QLatin1Char('-')).toDouble();
                        };
                        const double p =
                            1 / (1 + std::exp(-number("score") / number("temperature") - number("offset")));
                        QVERIFY(std::abs(p - double(head.normalised[std::size_t(j)])) < 0.003);
                    } else if (scope["from"] == QStringLiteral("–")) {
                        ++over;
                    } else {
                        QVERIFY(j < scope["from"].toInt());
                        ++passed;
                    }
                    chosen += here;
                }
        }
        QVERIFY(chosen > 0 && passed > 0 && over > 0); // all three cases were met
    }
};

QTEST_MAIN(TestMechanisms)
#include "test_mechanisms.moc"

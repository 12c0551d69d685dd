// SPDX-License-Identifier: GPL-3.0-or-later
// The laws of language models with attention over their past, and of the lstmn, which attends within its
// recurrence.
#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd/gradient_check.h"
#include "core/autograd/ops.h"
#include "core/model/language_model/network.h"
#include "core/recurrent/rnn.h"

using namespace attn;

namespace {

constexpr int kVocabulary = 7;

CellSpec cellOf(CellKind kind, int width) {
    CellSpec cell;
    cell.kind = kind;
    cell.width = width;
    if (kind == CellKind::Lstmn) cell.attentionWidth = 3;
    return cell;
}

/// A model of two layers; without attention where there is no split.
LanguageModelSpec specOf(CellKind kind, std::optional<StateSplit> split) {
    LanguageModelSpec s;
    s.vocabulary = kVocabulary;
    s.embedding = 4;
    s.rnn.layers = 2;
    if (split) s.split = *split;
    s.rnn.cell = cellOf(kind, 3 * s.parts());
    if (!split) return s;
    AttentionSpec a;
    a.queryWidth = a.keyWidth = a.valueWidth = s.partWidth();
    a.attentionWidth = 3;
    a.scope = Scope::Past;
    s.attention = a;
    s.features = 5;
    return s;
}

/// Every split and none, with every cell; and models that differ in one more choice each.
std::vector<LanguageModelSpec> specs() {
    std::vector<LanguageModelSpec> all;
    for (const auto& kind : EnumNames<CellKind>::names) {
        all.push_back(specOf(kind.first, {}));
        for (const auto& split : EnumNames<StateSplit>::names) all.push_back(specOf(kind.first, split.first));
    }
    const auto add = [&](CellKind kind, const auto& change) {
        all.push_back(specOf(kind, StateSplit::KeyValue));
        change(all.back());
        REQUIRE(all.back().validate().empty());
    };
    add(CellKind::Gru, [](LanguageModelSpec& s) { s.attention->window = 2; });
    add(CellKind::Gru, [](LanguageModelSpec& s) { s.attention->scope = Scope::Causal; });
    add(CellKind::Gru, [](LanguageModelSpec& s) { s.attention->coverage = true; });
    add(CellKind::Gru, [](LanguageModelSpec& s) {
        s.attention->score = Score::ScaledDot;
        s.attention->heads = 2, s.attention->headWidth = 2, s.attention->outputWidth = 6;
        s.attention->gate = Gate::Elementwise;
    });
    add(CellKind::Gru, [](LanguageModelSpec& s) {
        s.attention->score = Score::LocationKey, s.attention->maxPositions = 8;
        s.attention->relevance = true;
    });
    add(CellKind::Lstm, [](LanguageModelSpec& s) { s.rnn.residual = true, s.rnn.transitions = {1, 0}; });
    add(CellKind::Gru, [](LanguageModelSpec& s) { s.tiedEmbeddings = true, s.features = s.embedding; });
    add(CellKind::Lstmn, [](LanguageModelSpec& s) { s.rnn.cell.startSlot = true; });
    add(CellKind::Lstmn,
        [](LanguageModelSpec& s) { s.rnn.cell.query = LstmnQuery::Input, s.rnn.cell.window = 2; });
    return all;
}

std::string textOf(const LanguageModelSpec& s) {
    return std::string(toText(s.rnn.cell.kind)) + " " +
           (s.attention ? std::string(toText(s.split)) + " " + std::string(toText(s.attention->score)) + " " +
                              std::string(toText(s.attention->scope))
                        : "without attention");
}

Parameters<double> parametersOf(const Schema& schema) {
    Random random(5);
    auto parameters = Parameters<double>::initialised(schema, random);
    for (auto& entry : parameters.entries()) // biases too, and loud enough that no weight is near uniform
        for (double& x : entry.var.mutableValue()) x = 1.5 * x + 0.2 * random.normal();
    return parameters;
}

/// Texts of different lengths as the words before each step, and their padding to one length.
const std::vector<std::vector<int>> kTexts{{1, 3, 5, 2, 4, 6}, {1, 6, 3}, {1, 4, 4, 5}};
std::vector<int> paddedWords(const std::vector<std::vector<int>>& texts, std::vector<int>& lengths) {
    std::size_t longest = 0;
    for (const auto& text : texts) longest = std::max(longest, text.size());
    std::vector<int> ids;
    for (const auto& text : texts) {
        lengths.push_back(static_cast<int>(text.size()));
        for (std::size_t t = 0; t < longest; ++t) ids.push_back(t < text.size() ? text[t] : 0);
    }
    return ids;
}

double apart(const Matrix<double>& a, int rowA, const Matrix<double>& b, int rowB) {
    REQUIRE(a.cols() == b.cols());
    double worst = 0;
    for (int i = 0; i < a.cols(); ++i) worst = std::max(worst, std::abs(a(rowA, i) - b(rowB, i)));
    return worst;
}

/// Follows a choice of batch rows, as a search makes it.
struct Picker {
    std::vector<int> rows;
    std::vector<int> spread(int per) const {
        std::vector<int> all;
        for (int row : rows)
            for (int i = 0; i < per; ++i) all.push_back(row * per + i);
        return all;
    }
    void operator()(Var<double>& x, int per) const { x = gatherRows<double>(nullptr, x, spread(per)); }
    void operator()(std::vector<int>& x, int per) const {
        std::vector<int> kept;
        for (int i : spread(per)) kept.push_back(x[static_cast<std::size_t>(i)]);
        x = kept;
    }
};

/// Parameters of an lstmn under the names of an lstm.
Parameters<double> lstmOf(const Parameters<double>& lstmn, const Schema& schema) {
    Parameters<double> all;
    for (const ParameterShape& shape : schema) all.add(shape, lstmn[shape.name].value());
    return all;
}

} // namespace

TEST_CASE("a text read word by word equals the text read whole, at one projection a step") {
    for (const LanguageModelSpec& spec : specs()) {
        INFO(textOf(spec));
        const auto parameters = parametersOf(spec.schema());
        const LanguageModel<double> model(spec, parameters);
        std::vector<int> lengths;
        const std::vector<int> ids = paddedWords(kTexts, lengths);
        const int B = static_cast<int>(kTexts.size()), steps = static_cast<int>(ids.size()) / B;
        const auto whole = model.read(nullptr, ids, lengths);
        const auto encoding = model.encode(nullptr, B);
        auto state = model.start(nullptr, encoding);
        for (int t = 0; t < steps; ++t) {
            std::vector<int> previous;
            for (int b = 0; b < B; ++b) previous.push_back(ids[static_cast<std::size_t>(b * steps + t)]);
            const auto step = model.step(nullptr, encoding, state, previous);
            for (int b = 0; b < B; ++b) {
                if (t >= lengths[static_cast<std::size_t>(b)]) continue;
                const int row = b * steps + t;
                CHECK(apart(step.features.value(), b, whole.features.value(), row) < 1e-12);
                CHECK(apart(model.output(nullptr, encoding, step).value(), b,
                            model.logits(nullptr, whole.features).value(), row) < 1e-12);
                if (!step.attention) continue;
                for (std::size_t h = 0; h < step.attention->heads.size(); ++h)
                    for (int j = 0; j < steps; ++j) {
                        const auto& weights = step.attention->heads[h].factors.weights.value();
                        const double found = j < weights.cols() ? weights(b, j) : 0;
                        CHECK(std::abs(found - whole.attention->heads[h].factors.weights.value()(row, j)) <
                              1e-12);
                    }
            }
            // Whatever the length of the past, a step projects the B keys that are new.
            if (spec.attention) CHECK(step.state.memory.projectedRows == B * (t + 1));
            for (const auto& layer : step.state.layers)
                if (spec.rnn.cell.kind == CellKind::Lstmn)
                    CHECK(layer.memory.projectedRows == B * (t + 1 + (spec.rnn.cell.startSlot ? 1 : 0)));
            state = step.state;
        }
    }
}

TEST_CASE("a padded batch gives what each text alone gives") {
    for (const LanguageModelSpec& spec : specs()) {
        INFO(textOf(spec));
        const auto parameters = parametersOf(spec.schema());
        const LanguageModel<double> model(spec, parameters);
        std::vector<int> lengths;
        const std::vector<int> ids = paddedWords(kTexts, lengths);
        const auto batch = model.read(nullptr, ids, lengths);
        const int steps = static_cast<int>(ids.size() / kTexts.size());
        for (std::size_t b = 0; b < kTexts.size(); ++b) {
            const auto alone = model.read(nullptr, kTexts[b], {lengths[b]});
            for (int t = 0; t < lengths[b]; ++t)
                CHECK(apart(alone.features.value(), t, batch.features.value(),
                            static_cast<int>(b) * steps + t) < 1e-12);
        }
    }
}

TEST_CASE("a later word changes nothing before it") {
    for (const LanguageModelSpec& spec : specs()) {
        INFO(textOf(spec));
        const auto parameters = parametersOf(spec.schema());
        const LanguageModel<double> model(spec, parameters);
        std::vector<int> text = kTexts[0];
        const int n = static_cast<int>(text.size());
        const auto before = model.read(nullptr, text, {n});
        text[3] = 0;
        const auto after = model.read(nullptr, text, {n});
        for (int t = 0; t < n; ++t) {
            const double change = apart(before.features.value(), t, after.features.value(), t);
            if (t < 3) CHECK(change == 0);
            if (t == 3) CHECK(change > 1e-6);
        }
    }
}

TEST_CASE("rows sum to one, or to zero where there is no past") {
    const auto check = [](const AttentionResult<double>& r, int row, bool past) {
        for (const auto& head : r.heads) {
            double total = 0;
            for (int j = 0; j < head.normalised.cols(); ++j) total += head.normalised.value()(row, j);
            CHECK(std::abs(total - (past ? 1 : 0)) < 1e-12);
        }
    };
    for (const LanguageModelSpec& spec : specs()) {
        INFO(textOf(spec));
        const auto parameters = parametersOf(spec.schema());
        const LanguageModel<double> model(spec, parameters);
        const auto r = model.read(nullptr, kTexts[0], {static_cast<int>(kTexts[0].size())});
        for (int t = 0; t < static_cast<int>(kTexts[0].size()); ++t) {
            if (spec.attention) check(*r.attention, t, t > 0 || spec.attention->scope == Scope::Causal);
            for (const auto& layer : r.layers)
                if (!layer.attention.empty())
                    check(layer.attention[static_cast<std::size_t>(t)], 0, t > 0 || spec.rnn.cell.startSlot);
        }
    }
}

TEST_CASE("gradients of every split and cell agree with finite differences") {
    for (const LanguageModelSpec& spec : specs()) {
        const auto parameters = parametersOf(spec.schema());
        const LanguageModel<double> model(spec, parameters);
        std::vector<int> lengths;
        const std::vector<int> ids = paddedWords({kTexts[2], kTexts[1]}, lengths);
        const std::vector<int> targets{3, 0, 6, 2, 5, 1, 2, -1};
        std::vector<std::pair<std::string, Var<double>>> variables;
        for (const auto& entry : parameters.entries()) variables.emplace_back(entry.shape.name, entry.var);
        const auto whole = [&](Tape<double>* tape) {
            return crossEntropy(tape, model.logits(tape, model.read(tape, ids, lengths).features), targets);
        };
        const auto inSteps = [&](Tape<double>* tape) {
            const auto encoding = model.encode(tape, 2);
            auto state = model.start(tape, encoding);
            Var<double> loss;
            for (int t = 0; t < 4; ++t) {
                const auto at = [&](const std::vector<int>& all) {
                    return std::vector<int>{all[static_cast<std::size_t>(t)],
                                            all[static_cast<std::size_t>(4 + t)]};
                };
                const auto step = model.step(tape, encoding, state, at(ids));
                const auto here = crossEntropy(tape, model.output(tape, encoding, step), at(targets));
                loss = loss.defined() ? add(tape, loss, here) : here;
                state = step.state;
            }
            return loss;
        };
        CHECK(std::abs(whole(nullptr).value()(0, 0) - inSteps(nullptr).value()(0, 0)) < 1e-10);
        for (const auto& loss : {std::function<Var<double>(Tape<double>*)>(whole),
                                 std::function<Var<double>(Tape<double>*)>(inSteps)})
            for (const GradientReport& report : checkGradients(loss, variables, 5)) {
                INFO(textOf(spec) << ": " << report.name << "[" << report.index << "]: " << report.tape
                                  << " by the tape, " << report.numeric << " by differences");
                CHECK(report.worst < 2e-8);
            }
    }
}

TEST_CASE("a search may pick, repeat and drop rows of the state") {
    for (const LanguageModelSpec& spec : specs()) {
        INFO(textOf(spec));
        const auto parameters = parametersOf(spec.schema());
        const LanguageModel<double> model(spec, parameters);
        auto encoding = model.encode(nullptr, 3);
        auto state = model.start(nullptr, encoding);
        for (const std::vector<int>& previous : {std::vector<int>{1, 1, 1}, {2, 3, 4}, {5, 6, 0}})
            state = model.step(nullptr, encoding, state, previous).state;
        const auto expected = model.step(nullptr, encoding, state, {3, 4, 5});
        visitRows(encoding, Picker{{2, 0, 2, 1}});
        visitRows(state, Picker{{2, 0, 2, 1}});
        const auto found = model.step(nullptr, encoding, state, {5, 3, 5, 4});
        REQUIRE(found.features.rows() == 4);
        for (const auto& [row, from] : {std::pair{0, 2}, {1, 0}, {2, 2}, {3, 1}})
            CHECK(apart(found.features.value(), row, expected.features.value(), from) < 1e-12);
    }
}

TEST_CASE("an lstmn that sees one step back is an lstm, in both directions and in a padded batch") {
    RnnSpec lstmn;
    lstmn.cell = cellOf(CellKind::Lstmn, 4);
    lstmn.cell.window = 1;
    lstmn.layers = 2;
    lstmn.bidirectional = true;
    RnnSpec lstm = lstmn;
    lstm.cell = lstmn.cell.stepCell();
    REQUIRE(lstmn.validate("rnn").empty());
    REQUIRE(lstm.validate("rnn").empty());
    const auto parameters = parametersOf(rnnSchema(lstmn, 3, "rnn."));
    const auto plain = lstmOf(parameters, rnnSchema(lstm, 3, "rnn."));
    Random random(9);
    Matrix<double> x(6 * 3, 3);
    for (double& number : x) number = random.normal();
    for (bool startSlot : {false, true}) {
        lstmn.cell.startSlot = startSlot;
        const auto found =
                       RnnStack<double>(lstmn, parameters, "rnn.").run(nullptr, Var<double>(x), {6, 2, 4}),
                   expected = RnnStack<double>(lstm, plain, "rnn.").run(nullptr, Var<double>(x), {6, 2, 4});
        for (int b = 0; b < 3; ++b)
            for (int s = 0; s < std::vector<int>{6, 2, 4}[static_cast<std::size_t>(b)]; ++s)
                CHECK(apart(found.outputs.value(), s * 3 + b, expected.outputs.value(), s * 3 + b) < 1e-14);
        for (int layer : {0, 1})
            for (bool backward : {false, true})
                for (int b = 0; b < 3; ++b)
                    CHECK(apart(found.final(layer, backward).cell.value(), b,
                                expected.final(layer, backward).cell.value(), b) < 1e-14);
    }
}

TEST_CASE("an lstmn encoder gives a padded batch what it gives each text alone, in both directions") {
    for (bool startSlot : {false, true})
        for (int window : {0, 2}) {
            INFO("start slot " << startSlot << ", window " << window);
            RnnSpec spec;
            spec.cell = cellOf(CellKind::Lstmn, 4);
            spec.cell.startSlot = startSlot;
            spec.cell.window = window;
            spec.bidirectional = true;
            const auto parameters = parametersOf(rnnSchema(spec, 3, "rnn."));
            const RnnStack<double> stack(spec, parameters, "rnn.");
            Random random(9);
            Matrix<double> x(6 * 3, 3);
            for (double& number : x) number = random.normal();
            const Var<double> all(x);
            const std::vector<int> lengths{6, 2, 4};
            const auto batch = stack.run(nullptr, all, lengths);
            for (int b = 0; b < 3; ++b) {
                const int n = lengths[static_cast<std::size_t>(b)];
                std::vector<int> rows;
                for (int s = 0; s < n; ++s) rows.push_back(s * 3 + b);
                const auto alone = stack.run(nullptr, gatherRows<double>(nullptr, all, rows), {n});
                for (int s = 0; s < n; ++s)
                    CHECK(apart(alone.outputs.value(), s, batch.outputs.value(), s * 3 + b) < 1e-13);
                // Read backward, a word attends to those after it, and the map's columns say where they
                // stand.
                const SequenceLayer<double>& backward = alone.layers.back();
                REQUIRE(backward.reversed);
                for (int s = 0; s < n; ++s) {
                    const auto& head = backward.attention[static_cast<std::size_t>(s)].heads[0];
                    for (int k = 0; k < head.normalised.cols(); ++k) {
                        const int at = backward.textPosition(k);
                        CHECK((at == -1 ? startSlot : at > s));
                        CHECK((head.scope.allowed(0, k) != 0) ==
                              (window == 0 || (at == -1 ? n : at) - s <= window));
                    }
                }
            }
        }
}

TEST_CASE("parameters of an lstmn are an lstm's and its attention's") {
    CellSpec cell = cellOf(CellKind::Lstmn, 4);
    for (LstmnQuery query : {LstmnQuery::InputState, LstmnQuery::Input}) {
        cell.query = query;
        Schema expected = cellSchema(cell.stepCell(), 3, "at.");
        const Schema attention = attentionSchema(lstmnAttention(cell, 3), "at.attention.");
        expected.insert(expected.end(), attention.begin(), attention.end());
        Schema found = cellSchema(cell, 3, "at.");
        REQUIRE(found.size() == expected.size());
        for (const ParameterShape& shape : expected)
            CHECK(std::find(found.begin(), found.end(), shape) != found.end());
    }
    const auto parameters = parametersOf(cellSchema(cell, 3, "at."));
    CHECK_THROWS_WITH_AS(Cell<double>(cell, parameters, "at."), doctest::Contains("lstmn"), Error);
}

TEST_CASE("every fault of a spec is reported at once, by the field's name") {
    const auto faultsOf = [](const auto& change) {
        LanguageModelSpec s = specOf(CellKind::Lstm, StateSplit::KeyValue);
        change(s);
        std::string names;
        for (const Finding& f : s.validate()) names += f.where + " ";
        return names;
    };
    CHECK(faultsOf([](LanguageModelSpec&) {}) == "");
    CHECK(faultsOf([](LanguageModelSpec& s) { s.vocabulary = 0, s.embedding = 0; }) ==
          "vocabulary embedding ");
    CHECK(faultsOf([](LanguageModelSpec& s) { s.attention->scope = Scope::Global; }) == "attention.scope ");
    CHECK(faultsOf([](LanguageModelSpec& s) { s.attention->keyWidth = 2; }) == "attention.key_width ");
    CHECK(faultsOf([](LanguageModelSpec& s) { s.rnn.cell.width = 7; }) == "rnn.cell.width ");
    CHECK(faultsOf([](LanguageModelSpec& s) { s.rnn.bidirectional = true; }) == "rnn.bidirectional ");
    CHECK(faultsOf([](LanguageModelSpec& s) { s.attention.reset(); }) == "split features ");
    CHECK(faultsOf([](LanguageModelSpec& s) { s.tiedEmbeddings = true; }) == "tied_embeddings ");
    CHECK(faultsOf([](LanguageModelSpec& s) { s.features = 0; }) == "features ");
    CHECK(faultsOf([](LanguageModelSpec& s) { s.rnn.cell.startSlot = true; }) == "rnn.cell.start_slot ");
    CHECK(faultsOf([](LanguageModelSpec& s) { s.rnn.cell.kind = CellKind::Lstmn; }) ==
          "rnn.cell.attention_width ");
    LanguageModelSpec wrong = specOf(CellKind::Gru, {});
    wrong.vocabulary = 0;
    CHECK_THROWS_WITH_AS(LanguageModel<double>(wrong, Parameters<double>()), doctest::Contains("vocabulary"),
                         Error);
    const auto right = specOf(CellKind::Gru, {});
    const auto parameters = parametersOf(right.schema());
    const LanguageModel<double> model(right, parameters);
    CHECK_THROWS_AS(model.encode(nullptr, 0), Error);
    CHECK_THROWS_AS(model.read(nullptr, {1, 2, 3}, {2, 1}), Error);
}

// SPDX-License-Identifier: GPL-3.0-or-later
// A case of the families' golden vectors: values by the oracle's names, parameters, comparison.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <stdexcept>

#include "core/autograd/ops.h"
#include "core/recurrent/recurrent_layer.h"
#include "golden.h"

namespace golden {

using namespace attn;

inline Comparison g_check;

/// Values of one example by the oracle's names.
using Arrays = std::map<std::string, std::vector<double>>;

template <typename T>
void addRow(std::vector<double>& to, const Var<T>& x, int row) {
    to.insert(to.end(), x.value().row(row), x.value().row(row) + x.cols());
}

/// Adds one query's row of a map of `width` keys; key k stands at place(k), a key without a place is left
/// out. Keys that have not arrived or are out of scope have the score NaN and the weight 0, as in the oracle.
template <typename T>
void addMapRow(Arrays& to, const std::string& site, const AttentionResult<T>& r, int row, int width,
               const std::function<int(int)>& place) {
    const HeadResult<T>& head = r.heads.at(0);
    std::vector<double> scores(static_cast<std::size_t>(width), std::nan("")), weights(scores.size(), 0.0);
    for (int k = 0; k < head.score.scores.cols(); ++k) {
        const int at = place(k);
        if (at < 0 || at >= width) continue;
        if (head.scope.allowed(row, k))
            scores[static_cast<std::size_t>(at)] = head.score.scores.value()(row, k);
        weights[static_cast<std::size_t>(at)] = head.factors.weights.value()(row, k);
    }
    const auto append = [&](const char* name, const std::vector<double>& more) {
        std::vector<double>& all = to[site + name];
        all.insert(all.end(), more.begin(), more.end());
    };
    append(".scores", scores);
    append(".weights", weights);
    addRow(to[site + ".context"], r.context, row);
}

/// The states of a layer that has read whole texts, of text b, and an lstmn's map in the text's order.
template <typename T>
void addSequence(Arrays& to, const std::string& where, const SequenceLayer<T>& layer, int b, int length) {
    const int slot = layer.startSlot ? 1 : 0;
    for (int s = 0; s < length; ++s) {
        const CellState<T>& state = layer.steps[static_cast<std::size_t>(s)].state;
        addRow(to[where + ".hidden"], state.hidden, b);
        if (state.cell.defined()) addRow(to[where + ".cell"], state.cell, b);
        if (!layer.attention.empty())
            addMapRow<T>(to, where + ".attention", layer.attention[static_cast<std::size_t>(s)], b,
                         length + slot, [&](int k) { return layer.textPosition(k) + slot; });
    }
}

/// Logits and what follows from them, of the rows of one example.
template <typename T>
void addOutput(Arrays& to, const Var<T>& logits, int row, int word) {
    const T* z = logits.value().row(row);
    double total = 0;
    const double top = *std::max_element(z, z + logits.cols());
    for (int i = 0; i < logits.cols(); ++i) total += std::exp(z[i] - top);
    addRow(to["logits"], logits, row);
    for (int i = 0; i < logits.cols(); ++i) to["log_probs"].push_back(z[i] - top - std::log(total));
    auto& loss = to["loss"];
    loss.resize(1);
    loss[0] -= z[word] - top - std::log(total);
}

template <typename T>
Parameters<T> parametersOf(const json& test, const Schema& schema,
                           const std::function<std::string(const std::string&)>& theirName) {
    Parameters<T> all;
    std::set<std::string> unused;
    for (const auto& [name, ignored] : test["params"].items()) unused.insert(name);
    for (const ParameterShape& shape : schema) {
        const std::string name = theirName(shape.name);
        if (unused.erase(name) == 0) throw std::runtime_error("the case has no parameter " + name);
        all.add(shape, matrix<T>(test["params"][name]));
    }
    if (!unused.empty())
        throw std::runtime_error("parameter " + *unused.begin() + " of the case is not in our schema");
    return all;
}

/// Every output of the case, and every gradient.
template <typename T>
void compareAll(const std::string& name, const json& test, const std::vector<Arrays>& found,
                Parameters<T>& parameters,
                const std::function<std::string(const std::string&)>& theirName) {
    for (const auto& [output, examples] : test["outputs"].items())
        for (std::size_t e = 0; e < found.size(); ++e) {
            const auto at = found[e].find(output);
            const std::string what = name + " " + output + " of example " + std::to_string(e);
            if (at == found[e].end())
                FAIL_CHECK(what << ": is not computed");
            else
                g_check.compare(what, flatten(examples.at(e)),
                                std::vector<T>(at->second.begin(), at->second.end()));
        }
    double scale = 0;
    for (const auto& [ignored, g] : test["grads"].items()) scale = std::max(scale, largestOf(flatten(g)));
    for (auto& entry : parameters.entries()) {
        const Matrix<T>& g = entry.var.grad();
        const std::string theirs = theirName(entry.shape.name);
        g_check.compare(name + " d " + theirs, flatten(test["grads"].at(theirs)),
                        std::vector<T>(g.begin(), g.end()), scale);
        entry.var.mutableGrad() = {};
    }
}

/// Throws for a field that nobody reads: a case that asks for more than is run is no proof.
inline void onlyKnown(const json& spec, const std::set<std::string>& known) {
    for (const auto& [field, ignored] : spec.items())
        if (known.count(field) == 0) throw std::runtime_error("unknown field \"" + field + "\" in the spec");
}

inline CellSpec cellOf(const json& spec) {
    onlyKnown(spec, {"kind", "width", "attention_width", "start_slot", "query", "gate_order", "two_biases",
                     "reset_after", "update_keeps"});
    CellSpec cell;
    cell.kind = fromText<CellKind>(spec.at("kind").get<std::string>()).value();
    cell.width = spec.at("width");
    cell.gateOrder = spec.value("gate_order", "");
    cell.twoBiases = spec.value("two_biases", true);
    cell.resetAfter = spec.value("reset_after", true);
    cell.updateKeeps = spec.value("update_keeps", true);
    cell.attentionWidth = spec.value("attention_width", 0);
    cell.startSlot = spec.value("start_slot", false);
    cell.query = fromText<LstmnQuery>(spec.value("query", "input_state")).value();
    return cell;
}

/// Texts padded to one length: ids[b * positions + t].
struct Padded {
    std::vector<int> ids, lengths;
    int positions = 0;
};
inline Padded padded(const std::vector<std::vector<int>>& texts, int filler) {
    Padded p;
    for (const auto& text : texts) p.positions = std::max(p.positions, static_cast<int>(text.size()));
    for (const auto& text : texts) {
        p.lengths.push_back(static_cast<int>(text.size()));
        for (int t = 0; t < p.positions; ++t)
            p.ids.push_back(t < p.lengths.back() ? text[static_cast<std::size_t>(t)] : filler);
    }
    return p;
}

inline std::vector<int> shifted(const std::vector<int>& words, int start) {
    std::vector<int> previous{start};
    previous.insert(previous.end(), words.begin(), words.end() - 1);
    return previous;
}

} // namespace golden

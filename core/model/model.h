// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/model_spec.h"
#include "core/model/side.h"
#include "core/nn/parameters.h"

namespace attn {

/// A sentence whose outcome is known, by which a file proves that it was read right.
struct SelfTest {
    std::string source;              ///< as typed
    std::vector<std::string> target; ///< the greedy result's tokens, the end symbol included
    std::vector<double> logProbs;    ///< natural log, one per target token
    double tolerance = 1e-3;         ///< largest allowed difference of a log-probability

    bool operator==(const SelfTest&) const = default;
};

template <typename Visitor>
void visitFields(auto& test,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(test)>, SelfTest> {
    visit("source", test.source);
    visit("target", test.target);
    visit("log_probs", test.logProbs);
    visit("tolerance", test.tolerance);
}

/// A model's description for people and its rules of use, beside its specification and weights.
struct ModelCard {
    std::string name;        ///< "en-fr-additive"
    std::string description; ///< one sentence for people
    bool foldCase = false;   ///< an unknown word is looked up in lower case too
    /// Words stand in reverse on both sides, the last one first, and are turned round for people.
    bool reversed = false;
    std::vector<std::string>
        never;                ///< target words that a search does not choose, whatever their probability
    bool endNotFirst = false; ///< nor the end symbol as the first word
    /// Built-in task whose gold alignments apply ("en-fr"); empty if none.
    std::string task;
    /// Where it comes from: recipe, data, seed, accuracy; shown to people line by line.
    std::vector<std::string> provenance;
    std::vector<std::string> examples; ///< source sentences good for a first look

    bool operator==(const ModelCard&) const = default;
};

template <typename Visitor>
void visitFields(auto& card,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(card)>, ModelCard> {
    visit("name", card.name);
    visit("description", card.description);
    visit("fold_case", card.foldCase);
    visit("reversed", card.reversed);
    visit("never", card.never);
    visit("end_not_first", card.endNotFirst);
    visit("task", card.task);
    visit("provenance", card.provenance);
    visit("examples", card.examples);
}

namespace detail {
template <typename Spec>
struct NetworksOf;
template <typename... Specs>
struct NetworksOf<std::variant<Specs...>> {
    using Type = std::variant<std::unique_ptr<const typename Specs::template Network<float>>...>;
};
} // namespace detail

/// A trained model, ready to run: immutable, shared between threads. Nothing reached through a const Model
/// changes its numbers; they take no gradients either.
class Model {
public:
    /// Throws Error(Data) with every fault of the spec and every misfit between spec, card, sides and
    /// parameters.
    Model(ModelCard card, ModelSpec spec, std::vector<Side> sides, Parameters<float> parameters,
          std::optional<SelfTest> selfTest = std::nullopt);
    ~Model();
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    const ModelCard& card() const { return m_card; }
    const std::string& name() const { return m_card.name; }
    const ModelSpec& spec() const { return m_spec; }
    const std::vector<Side>& sides() const { return m_sides; }
    /// nullptr for a model that reads no text before it writes.
    const Side* source() const { return sideOf(SideRole::Source); }
    const Side& target() const { return *sideOf(SideRole::Target); }
    const Parameters<float>& parameters() const { return m_parameters; }
    const std::optional<SelfTest>& selfTest() const { return m_selfTest; }
    long long parameterCount() const { return attn::parameterCount(modelSchema(m_spec)); }

    /// What the trace of a run has: axes without positions, and sites.
    std::vector<Axis> axes() const { return axesOf(m_spec); }
    std::vector<Site> sites() const { return sitesOf(m_spec); }

    /// f(network), network of the model's own family. For all of their headers: core/model/networks.h.
    template <typename F>
    decltype(auto) visit(F&& f) const {
        return std::visit([&](const auto& network) -> decltype(auto) { return f(*network); }, m_network);
    }
    /// The network if it is of one family (EncoderDecoder<float>), else nullptr.
    template <typename Network>
    const Network* networkIf() const {
        const auto* held = std::get_if<std::unique_ptr<const Network>>(&m_network);
        return held ? held->get() : nullptr;
    }

private:
    const Side* sideOf(SideRole role) const {
        for (const Side& side : m_sides)
            if (side.role == role) return &side;
        return nullptr;
    }

    ModelCard m_card;
    ModelSpec m_spec;
    std::vector<Side> m_sides;
    Parameters<float> m_parameters;
    std::optional<SelfTest> m_selfTest;
    detail::NetworksOf<ModelSpec>::Type m_network;
};
using ModelPtr = std::shared_ptr<const Model>;

} // namespace attn

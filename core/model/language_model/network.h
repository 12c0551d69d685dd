// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/attention/attention.h"
#include "core/model/language_model/spec.h"
#include "core/model/taps.h"
#include "core/recurrent/recurrent_layer.h"

namespace attn {

/// What a language model knows before its first word: nothing but how many texts there are.
template <typename T>
struct LanguageModelEncoding {
    std::vector<int> texts; ///< one entry a text: its number
};

template <typename T, typename Visitor>
void visitRows(LanguageModelEncoding<T>& encoding, Visitor&& f) {
    f(encoding.texts, 1);
}

/// What is carried from word to word, B rows each.
template <typename T>
struct LanguageModelState {
    std::vector<LayerState<T>> layers;
    AttentionMemory<T> memory; ///< keys and values of the steps so far; without attention empty
    AttentionState<T> attention;
};

template <typename T, typename Visitor>
void visitRows(LanguageModelState<T>& state, Visitor&& f) {
    for (LayerState<T>& layer : state.layers) visitRows(layer, f);
    visitRows(state.memory, f);
    visitRows(state.attention, f);
}

/// One step, everything in it.
template <typename T>
struct LanguageModelStep {
    std::vector<LayerStep<T>> layers;            ///< bottom layer first
    std::optional<AttentionResult<T>> attention; ///< one query; keys: the steps so far, this one last
    Var<T> features;                             ///< B x featureWidth(), what enters the output layer
    LanguageModelState<T> state;
};

/// A whole text read at once, everything in it.
template <typename T>
struct LanguageModelReading {
    std::vector<SequenceLayer<T>> layers;        ///< bottom layer first, a layer's cells in turn
    std::optional<AttentionResult<T>> attention; ///< query t of text b is row b*T + t; keys: all T steps
    Var<T> features;                             ///< B*T x featureWidth(), row b*T + t
};

/// The recurrent language model that a LanguageModelSpec describes: one definition for training, inference
/// and tracing. A Stepper (core/model/network.h).
template <typename T>
class LanguageModel {
public:
    using Input = int; ///< how many texts
    using Encoding = LanguageModelEncoding<T>;
    using State = LanguageModelState<T>;
    using Step = LanguageModelStep<T>;

    /// Looks up spec.schema() among the parameters. Throws Error(Argument) with every fault of
    /// the spec.
    LanguageModel(const LanguageModelSpec& spec, const Parameters<T>& parameters);

    /// Nothing is read before the first word. Throws Error(Argument) unless there is a text.
    Encoding encode(Tape<T>* tape, Input texts, const Noise& noise = {}, const Taps<T>& taps = {}) const;
    /// The state before the first word.
    State start(Tape<T>* tape, const Encoding& encoding, const Taps<T>& taps = {}) const;
    /// One step from the previous words, one a text. -1 is no word: a vector of zeros.
    Step step(Tape<T>* tape, const Encoding& encoding, const State& state, const std::vector<int>& previous,
              const Noise& noise = {}, const Taps<T>& taps = {}) const;
    /// Whole texts at once, as training reads them: the numbers of step() after step(), with products over
    /// all steps. previous: ids[b*T + t], the word before step t; lengths: B numbers from 1 to T, what
    /// follows is padding.
    LanguageModelReading<T> read(Tape<T>* tape, const std::vector<int>& previous,
                                 const std::vector<int>& lengths, const Noise& noise = {}) const;
    /// What the softmax is taken of, n x vocabulary: f W_output' + b_output.
    Var<T> logits(Tape<T>* tape, const Var<T>& features) const;
    /// A step's logits.
    Var<T> output(Tape<T>* tape, const Encoding& encoding, const Step& step, const Taps<T>& taps = {}) const;

    const LanguageModelSpec& spec() const { return m_spec; }
    /// nullptr without attention.
    const Attention<T>* attention() const { return m_attention ? &*m_attention : nullptr; }
    const std::vector<RecurrentLayer<T>>& layers() const { return m_layers; }

private:
    Var<T> key(Tape<T>* tape, const Var<T>& h) const;
    Var<T> value(Tape<T>* tape, const Var<T>& h) const;
    /// f of states h and contexts c, row by row.
    Var<T> readout(Tape<T>* tape, const Var<T>& h, const Var<T>& c) const;

    LanguageModelSpec m_spec;
    Var<T> m_embedding;
    std::vector<RecurrentLayer<T>> m_layers;
    std::optional<Attention<T>> m_attention;
    Var<T> m_readoutContext, m_readoutState;
    Var<T> m_outputW, m_outputB;
};

} // namespace attn

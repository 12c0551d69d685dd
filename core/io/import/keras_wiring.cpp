// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/keras_wiring.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace attn {

namespace {

bool isOneOf(std::string_view type, std::initializer_list<std::string_view> types) {
    return std::ranges::count(types, type) > 0;
}

bool isRecurrent(const KerasLayer& layer) {
    return isOneOf(layer.bidirectionalOf.empty() ? layer.type : layer.bidirectionalOf,
                   {"LSTM", "GRU", "SimpleRNN"});
}

/// Whether a layer gives back what it takes, once the training is over.
bool passes(const KerasLayer& layer) {
    return isOneOf(layer.type, {"Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout",
                                "AlphaDropout", "ActivityRegularization", "Masking", "Identity"}) ||
           (layer.type == "Activation" && layer.text("activation").value_or("linear") == "linear");
}

bool isSoftmax(const KerasLayer& layer) {
    return layer.type == "Softmax" ||
           (layer.type == "Activation" && layer.text("activation") == std::optional<std::string>("softmax"));
}

std::string activationOf(const KerasLayer& layer) {
    return layer.text("activation").value_or("linear");
}

/// Thrown where a graph cannot be followed; what is wrong stands in the findings already.
struct Lost {};

class Tracer {
public:
    Tracer(const KerasGraph& graph, Findings& findings) : m_graph(graph), m_findings(findings) {}

    KerasWiring follow() {
        KerasWiring wiring;
        if (m_graph.outputs.size() != 1)
            lose("output_layers", "there are " + std::to_string(m_graph.outputs.size()) +
                                      "; a model with one output is run, the probabilities of the next word");
        KerasTensor at = passed(m_graph.outputs.front());
        bool softmax = isSoftmax(m_graph.of(at));
        if (softmax) at = passed(inputOf(at));
        wiring.output = &m_graph.of(at);
        softmax = softmax || activationOf(*wiring.output) == "softmax";
        if (wiring.output->type != "Dense" || (!softmax && activationOf(*wiring.output) != "linear"))
            lose(*wiring.output, "is the output; Dense with softmax is run there");

        at = passed(inputOf(at));
        if (m_graph.of(at).type == "Dense") {
            wiring.attentional = &m_graph.of(at);
            const std::string activation = activationOf(*wiring.attentional);
            if (!isOneOf(activation, {"tanh", "relu", "sigmoid", "linear"}))
                lose(*wiring.attentional,
                     "has the activation " + activation +
                         "; between attention and output are run tanh, relu, sigmoid, linear");
            at = passed(inputOf(at));
        }
        KerasTensor decoder = at, encoder;
        if (m_graph.of(at).type == "Concatenate")
            followJoin(at, wiring, decoder, encoder);
        else if (!isRecurrent(m_graph.of(at)))
            lose(m_graph.of(at),
                 "stands between the decoder and the output; Concatenate of the decoder's states "
                 "and the attention's context is run there, Dense with tanh after it, and "
                 "Dropout");
        wiring.decoder = side(decoder, "decoder");
        if (encoder.layer < 0) encoder = startOf(wiring.decoder.calls.front());
        wiring.encoder = side(encoder, "encoder");
        followStart(wiring);
        return wiring;
    }

private:
    [[noreturn]] void lose(const std::string& where, const std::string& text) {
        m_findings.push_back({Severity::Fault, where, text});
        throw Lost{};
    }
    [[noreturn]] void lose(const KerasLayer& layer, const std::string& text) { lose(layer.where(), text); }

    KerasTensor inputOf(const KerasTensor& tensor) {
        const KerasCall& call = m_graph.callOf(tensor);
        if (call.inputs.empty()) lose(m_graph.of(tensor), "is not called on anything");
        return call.inputs.front();
    }

    /// The tensor behind layers that change nothing.
    KerasTensor passed(KerasTensor tensor) {
        for (std::size_t i = 0; i <= m_graph.layers.size(); ++i) {
            if (!passes(m_graph.of(tensor))) return tensor;
            tensor = inputOf(tensor);
        }
        lose(m_graph.of(tensor), "is called on its own output");
    }

    /// [state, context] or [context, state].
    void followJoin(const KerasTensor& join, KerasWiring& wiring, KerasTensor& decoder,
                    KerasTensor& encoder) {
        const KerasLayer& layer = m_graph.of(join);
        const auto& inputs = m_graph.callOf(join).inputs;
        if (inputs.size() != 2)
            lose(layer, "joins " + std::to_string(inputs.size()) +
                            " tensors; the decoder's states and one context are run");
        const KerasTensor first = passed(inputs[0]), second = passed(inputs[1]);
        wiring.contextFirst = !isRecurrent(m_graph.of(first));
        decoder = wiring.contextFirst ? second : first;
        const KerasTensor context = wiring.contextFirst ? first : second;
        if (!isRecurrent(m_graph.of(decoder)))
            lose(layer, "joins " + m_graph.of(first).where() + " and " + m_graph.of(second).where() +
                            "; one of them has to be the decoder's LSTM, GRU or SimpleRNN");
        wiring.attention = attentionOf(context);
        const auto [query, value, key] = m_attended;
        const auto from = [&](const KerasTensor& tensor, const KerasLayer*& projection) {
            const KerasTensor at = passed(tensor);
            if (m_graph.of(at).type != "Dense") return at;
            projection = &m_graph.of(at);
            if (activationOf(*projection) != "linear")
                lose(*projection, "has the activation " + activationOf(*projection) +
                                      " before attention; Dense without one is run there");
            return passed(inputOf(at));
        };
        const KerasTensor queries = from(query, wiring.attention->query);
        encoder = from(value, wiring.attention->value);
        const KerasTensor keys = from(key, wiring.attention->key);
        if (!(queries == decoder))
            lose(*wiring.attention->layer, "asks with " + m_graph.of(queries).where() +
                                               "; the decoder's states (" + m_graph.of(decoder).where() +
                                               ") are run as queries");
        if (!(keys == encoder))
            lose(*wiring.attention->layer, "has keys from " + m_graph.of(keys).where() +
                                               ", but values from " + m_graph.of(encoder).where() +
                                               "; both have to be the encoder's");
    }

    KerasAttention attentionOf(const KerasTensor& context) {
        const KerasLayer& layer = m_graph.of(context);
        const KerasCall& call = m_graph.callOf(context);
        KerasAttention found;
        found.layer = &layer;
        if (layer.type == "Attention" || layer.type == "AdditiveAttention") {
            if (call.inputs.size() < 2 || context.output != 0)
                lose(layer, "is not called on [query, value] or [query, value, key]");
            if (call.switches.contains("use_causal_mask") || layer.truth("causal", false))
                lose(layer, "has a causal mask, which is for attention to oneself");
            if (layer.text("score_mode").value_or("dot") != "dot")
                lose(layer, "has the score_mode " + *layer.text("score_mode") + "; dot is run");
            m_attended = {call.inputs[0], call.inputs[1], call.inputs.back()};
            return found;
        }
        if (layer.type != "Dot")
            lose(layer,
                 "is joined to the decoder's states; Attention, AdditiveAttention, or Dot after softmax of "
                 "Dot are run there");
        // By hand: Dot([softmax(Dot([decoder, encoder], axes 2)), encoder], axes [2, 1])
        if (call.inputs.size() != 2) lose(layer, "is not called on weights and values");
        const KerasTensor weights = passed(call.inputs[0]);
        const KerasTensor scores = isSoftmax(m_graph.of(weights)) ? passed(inputOf(weights)) : weights;
        const KerasCall& products = m_graph.callOf(scores);
        if (!isSoftmax(m_graph.of(weights)) || m_graph.of(scores).type != "Dot" ||
            products.inputs.size() != 2)
            lose(layer, "is not called on [softmax of Dot, values]");
        if (!hasAxes(m_graph.of(scores), 2, 2) || !hasAxes(layer, 2, 1))
            lose(layer,
                 "attends along other axes than Dot(axes=2) of [decoder, encoder] and Dot(axes=[2, 1])");
        found.layer = &m_graph.of(scores);
        if (found.layer->truth("normalize", false) || layer.truth("normalize", false))
            lose(layer, "normalises its inputs; plain products are run");
        m_attended = {products.inputs[0], call.inputs[1], products.inputs[1]};
        return found;
    }

    static bool hasAxes(const KerasLayer& layer, int first, int second) {
        const auto at = layer.config->find("axes");
        if (at == layer.config->end()) return false;
        return *at == nlohmann::json::array({first, second}) ||
               (first == second && *at == nlohmann::json(first));
    }

    /// The layers below a recurrent one.
    KerasSide side(KerasTensor at, const std::string& role) {
        KerasSide side;
        for (std::size_t i = 0; i <= m_graph.layers.size(); ++i) {
            const KerasLayer& layer = m_graph.of(at);
            if (isRecurrent(layer)) {
                side.recurrent.insert(side.recurrent.begin(), &layer);
                side.calls.insert(side.calls.begin(), {at.layer, at.call, 0});
                at = passed(inputOf(at));
                if (isRecurrent(m_graph.of(at)) && at.output != 0)
                    lose(layer, "reads a state of the layer below; its sequence is run");
            } else if (layer.type == "Embedding" && !side.embedding) {
                side.embedding = &layer;
                at = passed(inputOf(at));
            } else if (layer.type == "InputLayer") {
                if (side.recurrent.empty())
                    lose(layer, "is the " + role + " itself; LSTM, GRU or SimpleRNN is run");
                side.input = &layer;
                return side;
            } else {
                lose(layer, "stands in the " + role +
                                "; Embedding, LSTM, GRU, SimpleRNN, Bidirectional and Dropout are run there");
            }
        }
        lose(m_graph.of(at), "is called on its own output");
    }

    /// The states that a call of a recurrent layer begins with.
    std::vector<KerasTensor> statesOf(const KerasTensor& tensor) const {
        const KerasCall& call = m_graph.callOf(tensor);
        std::vector<KerasTensor> states(call.inputs.begin() + (call.inputs.empty() ? 0 : 1),
                                        call.inputs.end());
        if (const auto named = call.keywords.find("initial_state"); named != call.keywords.end())
            states.insert(states.end(), named->second.begin(), named->second.end());
        return states;
    }

    /// The encoder's top layer, found through the decoder's first state where there is no attention.
    KerasTensor startOf(const KerasTensor& decoder) {
        const auto states = statesOf(decoder);
        if (states.empty())
            lose(m_graph.of(decoder),
                 "hears nothing of the encoder: it has neither attention nor initial_state");
        KerasTensor at = passed(states.front());
        if (m_graph.of(at).type == "Dense") at = passed(inputOf(at));
        if (m_graph.of(at).type == "Concatenate") at = passed(inputOf(at));
        if (!isRecurrent(m_graph.of(at)))
            lose(m_graph.of(at), "is the decoder's first state; the encoder's last one is run");
        return {at.layer, at.call, 0};
    }

    /// Whether `state` is part `part` (0 hidden, 1 cell) of an encoder layer's last state, both directions
    /// joined.
    bool isFinal(const KerasTensor& state, const KerasTensor& encoder, int part) {
        const KerasLayer& layer = m_graph.of(encoder);
        const KerasTensor at = passed(state);
        const bool lastOutput = at == encoder && !layer.truth("return_sequences", false) && part == 0;
        if (lastOutput) return true;
        if (layer.bidirectionalOf.empty()) return at == KerasTensor{encoder.layer, encoder.call, 1 + part};
        const int states = layer.bidirectionalOf == "LSTM" ? 2 : 1;
        const auto& joined = m_graph.callOf(at).inputs;
        return m_graph.of(at).type == "Concatenate" && joined.size() == 2 &&
               passed(joined[0]) == KerasTensor{encoder.layer, encoder.call, 1 + part} &&
               passed(joined[1]) == KerasTensor{encoder.layer, encoder.call, 1 + states + part};
    }

    void followStart(KerasWiring& wiring) {
        const auto& encoder = wiring.encoder.calls;
        const auto& decoder = wiring.decoder.calls;
        std::vector<std::vector<KerasTensor>> states;
        for (const KerasTensor& call : decoder) {
            states.push_back(statesOf(call));
            const std::size_t expected = m_graph.of(call).type == "LSTM" ? 2 : 1;
            if (states.back().size() != expected && !states.back().empty())
                lose(m_graph.of(call), "begins with " + std::to_string(states.back().size()) +
                                           " states; it has " + std::to_string(expected));
        }
        const auto each = [&](auto&& fits) {
            for (std::size_t i = 0; i < states.size(); ++i) {
                if (states[i].empty()) return false;
                for (std::size_t part = 0; part < states[i].size(); ++part)
                    if (!fits(states[i][part], i, static_cast<int>(part))) return false;
            }
            return true;
        };
        if (std::ranges::all_of(states, [](const auto& some) { return some.empty(); })) return;
        if (encoder.size() == decoder.size() && each([&](const KerasTensor& state, std::size_t i, int part) {
                return isFinal(state, encoder[i], part);
            })) {
            wiring.start = KerasStart::Copy;
        } else if (each([&](const KerasTensor& state, std::size_t, int part) {
                       return isFinal(state, encoder.back(), part);
                   })) {
            wiring.start = KerasStart::Top;
        } else if (decoder.size() != 1 || !followDense(states.front(), encoder, wiring)) {
            lose(m_graph.of(decoder.front()),
                 "begins with " +
                     (states.front().empty() ? "zeros" : m_graph.of(passed(states.front().front())).where()) +
                     "; run are zeros, the last states of the encoder's layer of the same height or of its "
                     "top "
                     "layer, and, for a single layer, Dense of these");
        }
    }

    /// Whether a single layer's states are Dense of the encoder's last ones.
    bool followDense(const std::vector<KerasTensor>& states, const std::vector<KerasTensor>& encoder,
                     KerasWiring& wiring) {
        bool fromHidden = true, fromOwn = encoder.size() == 1;
        for (std::size_t part = 0; part < states.size(); ++part) {
            const KerasTensor at = passed(states[part]);
            const KerasLayer& layer = m_graph.of(at);
            if (layer.type != "Dense" || !isOneOf(activationOf(layer), {"tanh", "relu", "sigmoid", "linear"}))
                return false;
            const KerasTensor read = passed(inputOf(at));
            fromHidden = fromHidden && isFinal(read, encoder.back(), 0);
            fromOwn = fromOwn && isFinal(read, encoder.back(), static_cast<int>(part));
            (part == 0 ? wiring.startHidden : wiring.startCell) = &layer;
        }
        wiring.start = KerasStart::Dense;
        wiring.startCellFromHidden = fromHidden;
        const bool alike =
            !wiring.startCell || activationOf(*wiring.startCell) == activationOf(*wiring.startHidden);
        return alike && (fromHidden || fromOwn);
    }

    struct Attended {
        KerasTensor query, value, key;
    };

    const KerasGraph& m_graph;
    Findings& m_findings;
    Attended m_attended;
};

} // namespace

std::optional<KerasWiring> findKerasWiring(const KerasGraph& graph, Findings& findings) {
    try {
        return Tracer(graph, findings).follow();
    } catch (const Lost&) {
        return std::nullopt;
    }
}

} // namespace attn

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace attn {

/// One output of one call of a layer.
struct KerasTensor {
    int layer = -1; ///< index in KerasGraph::layers
    int call = 0;
    int output = 0;

    bool operator==(const KerasTensor&) const = default;
};

/// What a layer was called on.
struct KerasCall {
    std::vector<KerasTensor> inputs;
    std::map<std::string, std::vector<KerasTensor>> keywords; ///< "initial_state"
    std::set<std::string> switches;                           ///< keywords that were true: "use_causal_mask"
};

/// A layer of an architecture. The wrapper TimeDistributed, which does to each step what its layer does to a
/// sequence anyway, is taken off; Bidirectional has the configuration of its forward layer.
struct KerasLayer {
    std::string name;
    std::string type; ///< "LSTM", as Keras names the class
    bool timeDistributed = false;
    std::string bidirectionalOf; ///< the type within Bidirectional, otherwise empty
    std::vector<KerasCall> calls;
    std::shared_ptr<const nlohmann::json> config, wrapper; ///< of the layer, of what was around it

    /// The class as it is stored: "TimeDistributed", "Bidirectional".
    std::string storedType() const;
    /// "lstm_1 (LSTM)", for messages.
    std::string where() const;
    /// An entry of the configuration; a function's name where it is an object. Nothing for null or what is
    /// absent.
    std::optional<std::string> text(const char* key) const;
    std::optional<long long> number(const char* key) const;
    bool truth(const char* key, bool otherwise) const;
};

/// The architecture of a functional model: its layers in the order in which Keras lists them.
struct KerasGraph {
    std::string type; ///< "Functional", "Sequential" ...
    std::vector<KerasLayer> layers;
    std::vector<KerasTensor> inputs, outputs;

    const KerasLayer& of(const KerasTensor& tensor) const {
        return layers[static_cast<std::size_t>(tensor.layer)];
    }
    const KerasCall& callOf(const KerasTensor& tensor) const;
};

/// Reads what model.to_json() of Keras 2 or 3 gives, the attribute model_config and config.json of an
/// archive: names and numbers only, nothing in it is run. What is malformed or no functional model is a
/// fault; the graph is then not to be used. Every tensor of a graph without faults names a layer and a call
/// that exist.
KerasGraph readKerasGraph(const std::string& json, const std::string& where, Findings& findings);

} // namespace attn

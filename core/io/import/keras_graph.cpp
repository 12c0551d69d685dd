// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/keras_graph.h"

#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "core/base/json_text.h"

namespace attn {

namespace {

using nlohmann::json;

const json& member(const json& object, const char* key) {
    static const json none;
    if (!object.is_object()) return none;
    const auto at = object.find(key);
    return at == object.end() ? none : *at;
}

std::string textOf(const json& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}

/// Reads the calls of layers once all names are known.
class Reader {
public:
    Reader(const json& config, const std::string& where, Findings& findings)
        : m_where(where), m_findings(findings) {
        const json& layers = member(config, "layers");
        if (!layers.is_array()) {
            fault("layers", "is missing; a list is expected");
            return;
        }
        for (const json& stored : layers) addLayer(stored);
        for (std::size_t i = 0; i < m_graph.layers.size(); ++i) {
            const json& nodes = member(layers[i], "inbound_nodes");
            if (!nodes.is_array()) continue;
            for (const json& node : nodes) m_graph.layers[i].calls.push_back(call(node));
        }
        collect(member(config, "input_layers"), m_graph.inputs);
        collect(member(config, "output_layers"), m_graph.outputs);
        if (m_graph.outputs.empty()) fault("output_layers", "names no layer");
        check();
    }

    KerasGraph graph() && { return std::move(m_graph); }

private:
    void fault(const std::string& where, const std::string& text) {
        m_findings.push_back({Severity::Fault, m_where + ": " + where, text});
    }

    void addLayer(const json& stored) {
        KerasLayer layer;
        json config = member(stored, "config"), wrapper;
        layer.type = textOf(member(stored, "class_name"));
        layer.name = textOf(member(stored, "name"));
        if (layer.name.empty()) layer.name = textOf(member(config, "name"));
        if (layer.type == "TimeDistributed" || layer.type == "Bidirectional") {
            const json& inner = member(config, "layer");
            const std::string type = textOf(member(inner, "class_name"));
            layer.timeDistributed = layer.type == "TimeDistributed";
            (layer.timeDistributed ? layer.type : layer.bidirectionalOf) = type;
            wrapper = config;
            config = json(member(inner, "config"));
        }
        if (layer.name.empty() || layer.type.empty())
            fault("layers[" + std::to_string(m_graph.layers.size()) + "]", "has no name or class_name");
        if (!m_byName.emplace(layer.name, static_cast<int>(m_graph.layers.size())).second)
            fault(layer.name, "is the name of two layers");
        layer.config = std::make_shared<const json>(std::move(config));
        layer.wrapper = std::make_shared<const json>(std::move(wrapper));
        m_graph.layers.push_back(std::move(layer));
    }

    /// Keras 2: a list of [layer, call, output, keywords]; Keras 3: an object with args and kwargs.
    KerasCall call(const json& node) {
        KerasCall call;
        if (node.is_object()) {
            collect(member(node, "args"), call.inputs);
            addKeywords(member(node, "kwargs"), call);
            return call;
        }
        collect(node, call.inputs);
        if (!node.is_array()) return call;
        if (isReference(node))
            addKeywords(node.size() > 3 ? node[3] : json(), call);
        else
            for (const json& input : node)
                if (isReference(input) && input.size() > 3) addKeywords(input[3], call);
        return call;
    }

    void addKeywords(const json& keywords, KerasCall& call) {
        if (!keywords.is_object()) return;
        for (const auto& [name, value] : keywords.items()) {
            if (value.is_boolean() && value.get<bool>()) call.switches.insert(name);
            std::vector<KerasTensor> tensors;
            collect(value, tensors);
            if (name == "inputs" || name == "sequences") // the first argument, given by name
                call.inputs.insert(call.inputs.begin(), tensors.begin(), tensors.end());
            else if (!tensors.empty())
                call.keywords[name] = std::move(tensors);
        }
    }

    static bool isReference(const json& value) {
        return value.is_array() && value.size() >= 3 && value[0].is_string() &&
               value[1].is_number_unsigned() && value[2].is_number_unsigned();
    }

    /// Every tensor that is named in a value, in order; the text is bounded in depth.
    void collect(const json& value, std::vector<KerasTensor>& tensors) {
        if (isReference(value)) {
            const auto at = m_byName.find(value[0].get<std::string>());
            if (at == m_byName.end()) return fault(brief(value), "names a layer that is not there");
            const auto small = [](const json& number) {
                return static_cast<int>(std::min<std::uint64_t>(number.get<std::uint64_t>(), 1'000'000));
            };
            tensors.push_back({at->second, small(value[1]), small(value[2])});
        } else if (value.is_array()) {
            for (const json& item : value) collect(item, tensors);
        } else if (value.is_object() && textOf(member(value, "class_name")) == "__keras_tensor__") {
            collect(member(member(value, "config"), "keras_history"), tensors);
        }
    }

    void check() {
        const auto all = [&](const std::string& where, std::vector<KerasTensor>& tensors) {
            for (KerasTensor& tensor : tensors) {
                const KerasLayer& layer = m_graph.of(tensor);
                const auto calls = static_cast<int>(layer.calls.size());
                if (calls == 1) tensor.call = 0; // models cut out of others number calls as the others did
                if (tensor.call >= calls && (calls > 0 || layer.type != "InputLayer"))
                    fault(where, "names call " + std::to_string(tensor.call) + " of " + layer.name +
                                     ", which has " + std::to_string(calls));
            }
        };
        for (KerasLayer& layer : m_graph.layers)
            for (KerasCall& call : layer.calls) {
                all(layer.name, call.inputs);
                for (auto& [name, tensors] : call.keywords) all(layer.name, tensors);
            }
        all("output_layers", m_graph.outputs);
    }

    std::string m_where;
    Findings& m_findings;
    KerasGraph m_graph;
    std::unordered_map<std::string, int> m_byName;
};

} // namespace

std::string KerasLayer::storedType() const {
    return timeDistributed ? "TimeDistributed" : type;
}

std::string KerasLayer::where() const {
    const std::string inner = bidirectionalOf.empty() ? type : type + " of " + bidirectionalOf;
    return name + " (" + (timeDistributed ? "TimeDistributed " : "") + inner + ")";
}

std::optional<std::string> KerasLayer::text(const char* key) const {
    const json& value = member(*config, key);
    if (value.is_string()) return value.get<std::string>();
    for (const char* inner : {"config", "registered_name", "class_name"})
        if (const json& name = member(value, inner); name.is_string()) return name.get<std::string>();
    return std::nullopt;
}

std::optional<long long> KerasLayer::number(const char* key) const {
    const json& value = member(*config, key);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 1'000'000'000) return std::nullopt;
    return value.get<long long>();
}

bool KerasLayer::truth(const char* key, bool otherwise) const {
    const json& value = member(*config, key);
    return value.is_boolean() ? value.get<bool>() : otherwise;
}

const KerasCall& KerasGraph::callOf(const KerasTensor& tensor) const {
    static const KerasCall none;
    const auto& calls = of(tensor).calls;
    const auto at = static_cast<std::size_t>(tensor.call);
    return at < calls.size() ? calls[at] : none;
}

KerasGraph readKerasGraph(const std::string& text, const std::string& where, Findings& findings) {
    Findings faults;
    const json root = parseJson(text, where, faults, {.depth = 64, .values = 1'000'000});
    KerasGraph graph;
    if (faults.empty()) {
        const std::string type = textOf(member(root, "class_name"));
        if (type == "Functional" || type == "Model")
            graph = Reader(member(root, "config"), where, faults).graph();
        else
            faults.push_back({Severity::Fault, where,
                              "is of the class " + (type.empty() ? "none" : type) +
                                  "; a functional model is run: Model([source, target], output)"});
    }
    graph.type = textOf(member(root, "class_name"));
    findings.insert(findings.end(), faults.begin(), faults.end());
    return graph;
}

} // namespace attn

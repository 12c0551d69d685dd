// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/keras_weights.h"

#include <algorithm>
#include <cctype>

namespace attn {

namespace {

/// "AdditiveAttention" -> "additive_attention", "LSTM" -> "lstm", "SimpleRNN" -> "simple_rnn".
std::string snakeCase(std::string_view type) {
    const auto isUpper = [&](std::size_t i) {
        return std::isupper(static_cast<unsigned char>(type[i])) != 0;
    };
    const auto isLower = [&](std::size_t i) {
        return std::islower(static_cast<unsigned char>(type[i])) != 0;
    };
    std::string name;
    for (std::size_t i = 0; i < type.size(); ++i) {
        const bool begins =
            isUpper(i) && i > 0 && (isLower(i - 1) || (i + 1 < type.size() && isLower(i + 1)));
        if (begins) name += '_';
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(type[i])));
    }
    return name;
}

bool isRecurrent(std::string_view type) {
    return type == "LSTM" || type == "GRU" || type == "SimpleRNN";
}

} // namespace

KerasWeights::KerasWeights(const Archive& archive, const KerasGraph& graph) : m_archive(archive) {
    const auto any = [&](std::string_view prefix) {
        return std::ranges::any_of(archive.arrays(),
                                   [&](const ArrayInfo& info) { return info.name.starts_with(prefix); });
    };
    const std::string dependencies = "_layer_checkpoint_dependencies/";
    if (any("layers/") || any(dependencies)) {
        m_root = any("layers/") ? "layers/" : dependencies;
        m_layout = m_root + "CLASS_N/vars";
        std::map<std::string, int> used;
        for (const KerasLayer& layer : graph.layers) {
            const std::string type = snakeCase(layer.storedType());
            const int before = used[type]++;
            std::string group = type + (before > 0 ? "_" + std::to_string(before) : "");
            if (!any(m_root + group + "/") && any(m_root + layer.name + "/")) group = layer.name;
            m_group[layer.name] = group;
        }
        return;
    }
    m_byName = true;
    m_root = any("model_weights/") ? "model_weights/" : "";
    m_layout = m_root + "NAME/WEIGHT";
    // Keras itself goes by the order of those layers that have weights, whatever they are called.
    std::vector<std::string> stored;
    const std::string root = m_root.empty() ? "" : "model_weights";
    for (const std::string& name : archive.data()[root]["layer_names"].texts())
        if (archive.data()[m_root + name]["weight_names"].size() > 0) stored.push_back(name);
    std::vector<std::string> ours;
    bool allNamed = true;
    for (const KerasLayer& layer : graph.layers) {
        m_group[layer.name] = layer.name;
        static constexpr std::string_view weighty[] = {
            "Embedding", "Bidirectional", "Dense", "AdditiveAttention", "LSTM", "GRU", "SimpleRNN"};
        const bool has = std::ranges::count(weighty, layer.type) > 0 ||
                         (layer.type == "Attention" && layer.truth("use_scale", false));
        if (!has) continue;
        ours.push_back(layer.name);
        allNamed = allNamed && any(m_root + layer.name + "/");
    }
    for (std::size_t i = 0; !allNamed && ours.size() == stored.size() && i < ours.size(); ++i)
        m_group[ours[i]] = stored[i];
}

std::vector<std::string> KerasWeights::listed(const KerasLayer& layer) const {
    const std::string group = m_root + m_group.at(layer.name);
    std::vector<std::string> names = m_archive.data()[group]["weight_names"].texts();
    for (std::string& name : names) name = group + "/" + name;
    return names;
}

std::vector<std::string> KerasWeights::of(const KerasLayer& layer, std::string_view part,
                                          std::size_t expected) const {
    std::vector<std::string> names;
    if (m_byName) {
        names = listed(layer);
        if (!part.empty()) { // the forward layer's first, then as many of the backward one
            const auto half = static_cast<std::ptrdiff_t>(names.size() / 2);
            names = part == "forward_layer" ? std::vector(names.begin(), names.begin() + half)
                                            : std::vector(names.begin() + half, names.end());
        }
        names.resize(std::min(names.size(), expected));
        while (names.size() < expected)
            names.push_back(m_root + m_group.at(layer.name) + "/" + std::string(part) + "weight " +
                            std::to_string(names.size()));
        return names;
    }
    std::string group = m_root + m_group.at(layer.name) + "/";
    if (layer.timeDistributed) group += "layer/";
    if (!part.empty()) group += std::string(part) + "/";
    if (isRecurrent(layer.bidirectionalOf.empty() ? layer.type : layer.bidirectionalOf)) group += "cell/";
    for (std::size_t i = 0; i < expected; ++i) names.push_back(group + "vars/" + std::to_string(i));
    return names;
}

} // namespace attn

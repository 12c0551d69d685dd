// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/probes.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/io/atomic_file.h"
#include "core/run/run.h"

namespace attn {

namespace {

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Four decimals are enough to draw from.
double rounded(float x) {
    return std::round(static_cast<double>(x) * 1e4) / 1e4;
}

nlohmann::ordered_json lineOf(const Trace& trace, int update, double loss) {
    nlohmann::ordered_json line = {{"update", update}, {"loss", nullptr}};
    if (update > 0) line["loss"] = loss;
    auto source = nlohmann::ordered_json::array(), weights = nlohmann::ordered_json::array();
    for (const Position& position : trace.axes.front().positions) source.push_back(position.text);
    const std::vector<int> path = trace.bestPath();
    const int heads = trace.sites.empty() ? 0 : trace.sites.front().heads;
    for (int h = 0; h < heads; ++h) {
        auto head = nlohmann::ordered_json::array();
        for (int t = 0; t < static_cast<int>(path.size()); ++t) {
            auto row = nlohmann::ordered_json::array();
            for (const float w : trace.row(0, t, path)->heads[static_cast<std::size_t>(h)].weights)
                row.push_back(rounded(w));
            head.push_back(std::move(row));
        }
        weights.push_back(std::move(head));
    }
    line["source"] = std::move(source);
    line["target"] = trace.words(path);
    line["weights"] = std::move(weights);
    return line;
}

/// Drops the lines from this update on.
void rewind(const std::string& path, int update) {
    std::string kept;
    bool drops = update == 0;
    std::ifstream file(path, std::ios::binary);
    for (std::string line; update > 0 && std::getline(file, line);) {
        const auto json = nlohmann::json::parse(line, nullptr, false);
        if (json.is_object() && json.value("update", update) < update)
            kept += line + "\n";
        else
            drops = true;
    }
    if (!drops) return;
    AtomicFile rewritten(path);
    rewritten.write(kept);
    rewritten.commit();
}

} // namespace

Probes::Probes(const std::vector<std::string>& sentences, ProbeSink sink) : m_sink(std::move(sink)) {
    for (const std::string& text : sentences) {
        const std::size_t bar = text.find("|||");
        m_sentences.push_back(
            {trimmed(text.substr(0, bar)), bar == std::string::npos ? "" : trimmed(text.substr(bar + 3))});
    }
}

bool Probes::due(int update, bool validated) const {
    constexpr std::array early{0, 1, 2, 5, 10, 20, 50, 100, 200, 500};
    return m_sink && !m_sentences.empty() &&
           (validated || std::find(early.begin(), early.end(), update) != early.end());
}

void Probes::run(const Model& model, int update, double loss) const {
    for (std::size_t i = 0; i < m_sentences.size(); ++i) {
        const Sentence& sentence = m_sentences[i];
        Recipe recipe;
        recipe.source = sentence.source;
        recipe.target = sentence.target;
        recipe.search = sentence.target.empty() ? SearchKind::Greedy : SearchKind::Forced;
        TracePtr trace;
        try {
            trace = attn::run(model, recipe);
        } catch (const Error& error) {
            if (update == 0)
                throw Error(error.kind(),
                            "The probe sentence \"" + sentence.source + "\" cannot be run: " + error.what());
            if (error.kind() != ErrorKind::Data) throw;
            continue;
        }
        m_sink({update, loss, i, std::move(trace)});
    }
}

ProbeSink probeFile(const std::string& path) {
    return [path](const ProbeTrace& probe) {
        if (probe.sentence == 0) rewind(path, probe.update);
        errno = 0;
        std::ofstream file(path, std::ios::binary | std::ios::app);
        file << lineOf(*probe.trace, probe.update, probe.loss).dump() + "\n" << std::flush;
        if (!file) throw Error(ErrorKind::Output, path + ": cannot be written: " + std::strerror(errno));
    };
}

} // namespace attn

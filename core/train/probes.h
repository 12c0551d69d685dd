// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/model/model.h"
#include "core/trace/trace.h"

namespace attn {

/// What a model in training made of a probe sentence.
struct ProbeTrace {
    int update = 0;           ///< updates made until then
    double loss = 0;          ///< of the last update's batch, nats a word; without meaning at update 0
    std::size_t sentence = 0; ///< its place among the probes
    TracePtr trace;
};
using ProbeSink = std::function<void(const ProbeTrace&)>;

/// Sentences whose traces are taken while a model learns, so that the training can be replayed.
class Probes {
public:
    /// Each sentence is typed text; with "source ||| target" it is forced along that target, else it is
    /// decoded greedily. Without a sink or sentences nothing is run.
    Probes(const std::vector<std::string>& sentences, ProbeSink sink);

    /// Whether traces are taken after this many updates: at 0, 1, 2, 5, 10, ... 500, and where `validated`.
    bool due(int update, bool validated) const;
    /// Runs every sentence and hands its trace to the sink. A model whose output is not finite gives none.
    /// Throws what the sink throws; at update 0 also what run() throws, so that a bad sentence is reported.
    void run(const Model& model, int update, double loss) const;

private:
    struct Sentence {
        std::string source, target;
    };
    std::vector<Sentence> m_sentences;
    ProbeSink m_sink;
};

/// A sink that appends a line for each trace to a file of one JSON object a line (FORMAT.md, "Probes"). The
/// first sentence's trace drops what an earlier run wrote from that update on: everything for a new training.
/// The sink throws Error(Output).
ProbeSink probeFile(const std::string& path);

} // namespace attn

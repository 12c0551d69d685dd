// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"

namespace attn {

/// Sentences whose attention is written down while a model learns, so that the training can be replayed:
/// a file of one JSON object a line (FORMAT.md, "Probes").
class Probes {
public:
    /// Each sentence is typed text; with "source ||| target" it is forced along that target, else it is
    /// decoded greedily. An empty path or no sentences: nothing is written.
    Probes(std::string path, const std::vector<std::string>& sentences);

    /// Drops what an earlier run wrote from this update on: everything for a new training.
    void rewind(int update) const;
    /// Whether attention is written after so many updates: at 0, 1, 2, 5, 10, ... 500, and where `validated`.
    bool due(int update, bool validated) const;
    /// Appends a line for each sentence; `loss` in nats a word. A model whose output is not finite writes
    /// nothing. Throws Error(Output); at update 0 also what run() throws, so that a bad sentence is told.
    void write(const Model& model, int update, double loss) const;

private:
    struct Sentence {
        std::string source, target;
    };
    std::string m_path;
    std::vector<Sentence> m_sentences;
};

} // namespace attn

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/io/import/import_source.h"

namespace attn {

/// A toolkit's way of naming and wiring a model: a container's arrays -> our spec, parameters, vocabularies.
struct Convention {
    const char* toolkit;
    std::vector<const char*> patterns; ///< of the names that its files usually have: "*.pt"
    /// Whether the arrays' names, or what stands beside them, are this toolkit's. Looks at no other file.
    bool (*recognises)(const ImportSource&);
    /// The plan, with what lies beside the file. Opens a partner of the file where a model is two of them.
    /// What cannot be run as it was trained is a finding; a plan with faults may lack anything.
    ImportPlan (*plan)(ImportSource&, const ImportOptions&);
};

/// The conventions in the order in which they are asked.
const std::vector<Convention>& conventions();

/// The conventions themselves, each by its page of the formats it reads.
Convention openNmtPy();
Convention joeyNmt();
Convention fairseq();
Convention marian();
Convention pytorchClassics();
Convention keras();

} // namespace attn

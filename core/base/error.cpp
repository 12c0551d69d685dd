// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

#include <algorithm>

namespace attn {

std::string toText(const Findings& findings, std::string_view indent) {
    std::string text;
    for (const Finding& f : findings) {
        if (!text.empty()) text += '\n';
        text += indent;
        if (!f.where.empty()) text += f.where + ": ";
        text += f.text;
    }
    return text;
}

void throwFaults(ErrorKind kind, const std::string& headline, const Findings& findings) {
    Findings faults;
    std::copy_if(findings.begin(), findings.end(), std::back_inserter(faults),
                 [](const Finding& f) { return f.severity == Severity::Fault; });
    if (!faults.empty()) throw Error(kind, headline + "\n" + toText(faults));
}

} // namespace attn

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/import.h"

namespace attn {

namespace {

/// Of parameters that are told one by one; the report has them all.
constexpr int mostParameters = 8;

Findings whatIsInTheWay(const ImportReport& report) {
    Findings faults;
    for (const CompanionFile& file : report.files)
        if (file.needed && file.path.empty())
            faults.push_back({Severity::Fault, file.role, "was not found: " + file.note});
    for (const Finding& finding : report.findings)
        if (finding.severity == Severity::Fault) faults.push_back(finding);
    int told = 0, more = 0;
    for (const ParameterReport& parameter : report.parameters) {
        const bool missing = parameter.state == ParameterState::Missing;
        if (!missing && parameter.state != ParameterState::Misshapen) continue;
        if (++told > mostParameters)
            ++more;
        else
            faults.push_back({Severity::Fault, parameter.ours,
                              (missing ? "is missing" : "is " + parameter.found) + "; expected " +
                                  parameter.expected +
                                  (parameter.theirs.empty() ? "" : " from " + parameter.theirs)});
    }
    if (more > 0)
        faults.push_back({Severity::Fault, "parameters", std::to_string(more) + " more do not fit"});
    return faults;
}

} // namespace

void throwIfIncomplete(const ImportReport& report) {
    if (report.model) return;
    const bool known = !report.toolkit.empty();
    std::string text =
        report.path + (known ? ": a checkpoint of " + report.toolkit + " that cannot be run as it stands:"
                             : ": its arrays are named as by none of the toolkits that are known; a mapping "
                               "file can say what they are (attn convert --explain drafts one).");
    if (const Findings faults = whatIsInTheWay(report); !faults.empty()) text += "\n" + toText(faults);
    throw Error(known ? ErrorKind::Data : ErrorKind::Unsupported, text);
}

} // namespace attn

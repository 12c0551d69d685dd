// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/report_text.h"

#include <algorithm>

namespace attn {

std::string parameterLine(const ParameterReport& r) {
    std::string text = r.ours.empty() ? r.theirs : r.ours;
    if (r.state == ParameterState::Used) {
        text += " <- " + r.theirs;
        if (!r.expected.empty()) text += ", " + r.expected;
        return text;
    }
    text += " " + std::string(toText(r.state));
    if (!r.expected.empty()) text += ": expected " + r.expected;
    if (!r.found.empty()) text += (r.expected.empty() ? ": " : ", found ") + r.found;
    if (!r.ours.empty() && !r.theirs.empty()) text += " in " + r.theirs;
    if (!r.note.empty()) text += " (" + r.note + ")";
    return text;
}

std::string toText(const ImportReport& report) {
    std::string text = report.path + "\n" + report.container + "\n";
    const auto section = [&](const std::string& title) { text += "\n" + title + "\n"; };
    if (!report.toolkit.empty()) {
        section("Recognised as " + report.toolkit + ", because");
        for (const std::string& line : report.evidence) text += "  " + line + "\n";
    }
    if (!report.wiring.empty()) {
        section("Wiring");
        for (const std::string& line : report.wiring) text += "  " + line + "\n";
    }
    for (const ParameterState state :
         {ParameterState::Missing, ParameterState::Misshapen, ParameterState::Used, ParameterState::Unused,
          ParameterState::Ignored}) {
        const auto count = std::count_if(report.parameters.begin(), report.parameters.end(),
                                         [&](const ParameterReport& p) { return p.state == state; });
        if (count == 0) continue;
        std::string title = std::string(toText(state));
        title.front() = static_cast<char>(title.front() - 'a' + 'A');
        section(title + " (" + std::to_string(count) + ")");
        // An optimiser's state may be thousands of arrays, all for one reason.
        constexpr int most = 60;
        int told = 0;
        for (const ParameterReport& p : report.parameters)
            if (p.state == state && ++told <= most) text += "  " + parameterLine(p) + "\n";
        if (told > most) text += "  and " + std::to_string(told - most) + " more\n";
    }
    if (!report.files.empty()) {
        section("Files");
        for (const CompanionFile& file : report.files)
            text += "  " + file.role + ": " + (file.path.empty() ? "not found" : file.path) +
                    (file.note.empty() ? "" : " (" + file.note + ")") + "\n";
    }
    if (!report.findings.empty()) {
        section("Findings");
        for (const Finding& f : report.findings)
            text += std::string("  ") +
                    (f.severity == Severity::Fault     ? "fault: "
                     : f.severity == Severity::Warning ? "warning: "
                                                       : "note: ") +
                    f.where + ": " + f.text + "\n";
    }
    if (report.model && report.model->selfTest()) {
        const SelfTest& test = *report.model->selfTest();
        section("Self-test");
        std::string target;
        double sum = 0;
        for (std::size_t i = 0; i < test.target.size(); ++i) {
            target += (i ? " " : "") + test.target[i];
            sum += test.logProbs[i];
        }
        char number[32];
        std::snprintf(number, sizeof number, "%.4f", sum);
        text += "  " + test.source + "\n  " + target + "\n  log-probability " + number + "\n";
    }
    return text;
}

} // namespace attn

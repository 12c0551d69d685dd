// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// Whose fault an error is. The values are the exit codes of the command line.
enum class ErrorKind {
    Bug = 1,           ///< ours
    Argument = 2,      ///< the caller asked for something that cannot be
    Data = 3,          ///< a file or text that cannot be read or is malformed
    Unsupported = 4,   ///< well-formed, but a model this program does not run
    Output = 5,        ///< a result could not be written
    Limit = 6,         ///< larger than we allow
    Interrupted = 130, ///< stopped by the person
};

/// What went wrong, in words for people: what, where, what was expected, what to do.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), m_kind(kind) {}
    ErrorKind kind() const { return m_kind; }

private:
    ErrorKind m_kind;
};

enum class Severity { Note, Warning, Fault };

/// Something noticed that does not by itself stop the work.
struct Finding {
    Severity severity = Severity::Fault;
    std::string where; ///< field, parameter or position it is about; a place to jump to
    std::string text;  ///< what is wrong, with the value found and the value expected

    bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

/// One line per finding, "where: text", each line starting with `indent`.
std::string toText(const Findings& findings, std::string_view indent = "  ");

/// Throws Error(kind) with `headline` and every fault, if there is one among the findings.
void throwFaults(ErrorKind kind, const std::string& headline, const Findings& findings);

} // namespace attn

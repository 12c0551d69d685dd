// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace_text.h"

#include <charconv>

#include "core/base/short_number.h"

namespace attn {

namespace {

std::string named(std::string_view name, int number) {
    return std::string(name) + " " + std::to_string(number);
}

/// The shortest decimal that reads back as the same number.
template <typename T>
std::string exact(T x) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

std::string quoted(const std::string& text) {
    std::string so = "\"";
    for (const char c : text) {
        if (c == '\n')
            so += "\\n";
        else
            so += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
    }
    return so + "\"";
}

std::string token(const std::string& text, TokenRole role, int id) {
    std::string so = quoted(text);
    if (role != TokenRole::Word) so += " " + std::string(toText(role));
    return id < 0 ? so : named(so, id);
}

std::string shape(const Matrix<float>& values) {
    return std::to_string(values.rows()) + " x " + std::to_string(values.cols());
}

std::string shape(const std::vector<float>& values) {
    return std::to_string(values.size());
}

std::string place(const CellPlace& at) {
    return named("layer", at.layer) + named(" cell", at.cell) + (at.backward ? " backward" : "");
}

/// "hidden 3 x 80, reset 3 x 80"
template <typename Parts>
std::string parts(const Parts& all) {
    std::string so;
    for (const auto& part : all)
        so += (so.empty() ? "" : ", ") + std::string(toText(part.part)) + " " + shape(part.values);
    return so;
}

std::string axisLine(const Axis& axis, int index) {
    std::string so =
        named("axis", index) + " " + std::string(toText(axis.kind)) + (axis.read ? ", read" : "");
    if (axis.isDecoded()) return so + "\n";
    const char* between = ": ";
    for (const Position& position : axis.positions) {
        so += between + token(position.text, position.role, position.id);
        between = ", ";
    }
    return so + "\n";
}

std::string siteLine(const Site& site, int index) {
    std::string so = named("site", index) + " " + std::string(toText(site.kind));
    if (site.layer > 0) so += named(" layer", site.layer);
    if (site.backward) so += " backward";
    so += named(": axis", site.queryAxis) + named(" to axis", site.keyAxis) + ", " +
          std::to_string(site.heads) + (site.heads == 1 ? " head, " : " heads, ");
    if (!site.rule) return so + "no rule\n";
    return so + std::string(toText(site.rule->score)) + " " + std::string(toText(site.rule->scope)) + " " +
           std::string(toText(site.rule->normaliser)) + "\n";
}

std::string rowLines(const Row& row, const std::string& indent) {
    std::string so = indent + named("row site", row.site) + named(" query", row.query);
    if (!row.context.empty()) so += ": context " + shape(row.context);
    if (!row.gate.empty()) so += ", gate " + shape(row.gate);
    so += "\n";
    for (std::size_t h = 0; h < row.heads.size(); ++h) {
        const HeadTrace& head = row.heads[h];
        so += indent + named("  head", static_cast<int>(h)) + " weights";
        for (std::size_t j = 0; j < head.weights.size(); ++j)
            so += head.allowed.empty() || head.allowed[j] ? " " + shortNumber(head.weights[j]) : " -";
        so += "\n";
    }
    return so;
}

std::string outputLine(const Output& output) {
    std::string so = "  output entropy " + exact(output.entropy) + " log_sum_exp " + exact(output.logSumExp);
    const char* between = ": ";
    for (const Candidate& candidate : output.candidates) {
        so += between + token(candidate.text, candidate.role, candidate.id) + " " + exact(candidate.logProb);
        between = ", ";
    }
    return so + "\n";
}

std::string passLines(const Pass& pass, int index) {
    std::string so =
        named("pass", index) + " reads " + token(pass.inputText, pass.inputRole, pass.inputId) + "\n";
    for (const Row& row : pass.rows) so += rowLines(row, "  ");
    for (const CellTrace& cell : pass.states)
        so += "  state " + place(cell.place) + ": " + parts(cell.parts) + "\n";
    for (const Pass::Vector& vector : pass.vectors)
        so += "  vector " + std::string(toText(vector.kind)) + " " + shape(vector.values) + "\n";
    return pass.output ? so + outputLine(*pass.output) : so;
}

std::string stepLine(const StepTrace& step, int index, bool scored) {
    std::string so = named("step", index);
    if (step.parent >= 0) so += named(" after", step.parent);
    so += named(" time", step.time) + named(" pass", step.pass) + ": " +
          token(step.wordText, step.role, step.wordId) + (step.forced ? " forced" : "");
    if (scored) {
        so += " log_prob " + exact(step.logProb);
        const HypothesisScore& score = step.score;
        if (score.total != static_cast<double>(step.logProb)) so += " total " + exact(score.total);
        if (score.total != score.logProb)
            so += " of log_prob " + exact(score.logProb) + " length " + exact(score.length) + " coverage " +
                  exact(score.coverage);
    }
    so += " " + std::string(toText(step.fate));
    return (step.lostAt < 0 ? so : named(so + " at", step.lostAt)) + "\n";
}

} // namespace

std::string traceText(const Trace& trace) {
    std::string so = "trace " + quoted(trace.modelName) + " of " + quoted(trace.sourceText) + "\n";
    const auto lines = [&so](const auto& all, const auto& line) {
        for (std::size_t i = 0; i < all.size(); ++i) so += line(all[i], static_cast<int>(i));
    };
    lines(trace.axes, axisLine);
    lines(trace.sites, siteLine);
    for (const Track& track : trace.tracks)
        so += named("track axis", track.axis) + " " + place(track.place) + ": " + parts(track.parts) + "\n";
    if (!trace.encoderOutputs.empty()) so += "outputs " + shape(trace.encoderOutputs) + "\n";
    for (const Row& row : trace.rows) so += rowLines(row, "");
    for (const CellTrace& cell : trace.initialState)
        so += "initial " + place(cell.place) + ": " + parts(cell.parts) + "\n";
    lines(trace.passes, passLines);
    lines(trace.steps, [&](const StepTrace& step, int index) {
        return stepLine(step, index, trace.passOf(index).output.has_value());
    });
    for (const int leaf : trace.leaves) so += named("leaf", leaf) + "\n";
    so += trace.complete ? "complete\n" : "incomplete\n";
    if (trace.gold.empty()) return so;
    so += "gold";
    for (const GoldLink& link : trace.gold)
        so += " " + std::to_string(link.source) + "-" + std::to_string(link.target) + (link.sure ? "" : "?");
    return so + "\n";
}

} // namespace attn

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/alignment.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "ui/present/numbers.h"
#include "ui/present/rule_text.h"

namespace attn::ui {

namespace {
struct AlignmentText {
    Q_DECLARE_TR_FUNCTIONS(Alignment)
};

/// White space, which a model of characters reads too, must be seen.
QString visibleText(const std::string& token) {
    if (token.empty()) return AlignmentText::tr("⟨empty⟩");
    const QString text = QString::fromStdString(token);
    return text.trimmed().isEmpty() ? QString(QChar(0x2423)) : text;
}
} // namespace

float entropyBits(const float* weights, int count) {
    double sum = 0;
    for (int j = 0; j < count; ++j) sum += weights[j];
    if (!(sum > 0)) return 0;
    double bits = 0;
    for (int j = 0; j < count; ++j)
        if (const double p = weights[j] / sum; p > 0) bits -= p * std::log2(p);
    return static_cast<float>(std::max(bits, 0.0));
}

Alignment alignment(const Trace& trace, const std::vector<int>& path, int head) {
    Alignment map;
    map.rows = static_cast<int>(path.size());
    map.head = head;
    map.heads = trace.attention.maps();
    map.cols = map.heads > 0 ? static_cast<int>(trace.source.size()) : 0;
    if (head < -1 || head >= map.heads)
        throw Error(ErrorKind::Bug,
                    "head " + std::to_string(head) + " of " + std::to_string(map.heads) + " was asked for");
    const std::size_t size = static_cast<std::size_t>(map.rows) * static_cast<std::size_t>(map.cols);
    map.weights.assign(size, 0);
    map.allowed.assign(size, 0);
    map.coverage.assign(static_cast<std::size_t>(map.cols), 0);
    const int first = std::max(head, 0), last = head < 0 ? map.heads : head + 1;
    for (int t = 0; t < map.rows; ++t) {
        const StepTrace& step = trace.steps[static_cast<std::size_t>(path[static_cast<std::size_t>(t)])];
        float* row = map.weights.data() + static_cast<std::size_t>(t) * static_cast<std::size_t>(map.cols);
        unsigned char* allowed =
            map.allowed.data() + static_cast<std::size_t>(t) * static_cast<std::size_t>(map.cols);
        for (int h = first; h < last; ++h) {
            const HeadTrace& part = step.heads[static_cast<std::size_t>(h)];
            for (std::size_t j = 0; j < part.weights.size(); ++j) row[j] += part.weights[j];
            for (std::size_t j = 0; j < part.allowed.size(); ++j) allowed[j] |= part.allowed[j];
            if (part.allowed.empty()) std::fill(allowed, allowed + map.cols, 1); // a dump knows of no scope
        }
        for (int j = 0; j < map.cols; ++j) {
            row[j] /= static_cast<float>(last - first);
            map.coverage[static_cast<std::size_t>(j)] += row[j];
        }
        map.entropy.push_back(entropyBits(row, map.cols));
        map.targets << axisText(step);
    }
    if (map.heads > 0)
        for (const SourceToken& token : trace.source) map.sources << axisText(token);
    if (std::all_of(map.allowed.begin(), map.allowed.end(), [](unsigned char a) { return a != 0; }))
        map.allowed.clear();
    return map;
}

QString scopeText(const AttentionSpec& attention) {
    switch (attention.scope) {
        case Scope::Global:
            return AlignmentText::tr("global");
        case Scope::Causal:
            return AlignmentText::tr("causal");
        case Scope::Window:
            return AlignmentText::tr("window, D = %1").arg(attention.window);
        case Scope::LocalM:
            return AlignmentText::tr("local, monotonic, D = %1").arg(attention.window);
        case Scope::LocalP:
            return AlignmentText::tr("local, predicted, D = %1").arg(attention.window);
        case Scope::Monotonic:
            return ruleText(attention.scope);
    }
    return {};
}

QString normaliserText(const AttentionSpec& attention) {
    const QString name = ruleText(attention.normaliser);
    return attention.temperature == 1
               ? name
               : AlignmentText::tr("%1, temperature %2").arg(name, number(attention.temperature, 2));
}

QString mapTitle(const Trace& trace, int head) {
    const AttentionSpec& attention = trace.attention;
    const int heads = attention.maps();
    if (heads == 0) return AlignmentText::tr("no attention");
    const QString which = heads == 1 ? AlignmentText::tr("single head")
                          : head < 0 ? AlignmentText::tr("mean of %1 heads").arg(heads)
                                     : AlignmentText::tr("head %1 of %2").arg(head + 1).arg(heads);
    if (trace.fromDump)
        return (heads == 1 ? QString() : which + QStringLiteral(" · ")) +
               AlignmentText::tr("weights from a file");
    QString rule = normaliserText(attention);
    if (attention.scope != Scope::Global) rule = scopeText(attention) + QStringLiteral(" · ") + rule;
    return which + QStringLiteral(" · ") + rule;
}

QString noAttentionText() {
    return AlignmentText::tr(
        "This model has no attention: one vector, the encoder's last states, stands for the whole source at "
        "every step. No word is aligned with another, so there is no map.");
}

std::vector<GoldLink> goldCells(const Trace& trace) {
    std::vector<GoldLink> cells;
    for (const attn::GoldLink& link : trace.gold) cells.push_back({link.target, link.source, link.sure});
    return cells;
}

QString axisText(const SourceToken& token) {
    // A start symbol and a position without a word are special too, and shown as they are.
    const bool end = token.special && token.id >= 0 && token.end > 0;
    return end ? AlignmentText::tr("⟨end⟩") : visibleText(token.text);
}

QString axisText(const StepTrace& step) {
    if (step.end) return AlignmentText::tr("⟨end⟩");
    return visibleText(step.wordText);
}

QString alignmentText(const Alignment& map) {
    static const QString shades = QStringLiteral(" .:-=+*#%@");
    qsizetype label = 0;
    for (const QString& target : map.targets) label = std::max(label, target.size());
    QString text;
    for (int j = 0; j < map.cols; ++j)
        text += QString(label + 2 + 2 * j, QLatin1Char(' ')) + map.sources[j] + QLatin1Char('\n');
    for (int t = 0; t < map.rows; ++t) {
        text += map.targets[t].leftJustified(label) + QStringLiteral("  ");
        for (int j = 0; j < map.cols; ++j) {
            const int shade = std::clamp(static_cast<int>(map.weight(t, j) * 10), 0, 9);
            text += QString(2, shades[shade]);
        }
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace attn::ui

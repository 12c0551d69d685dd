// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/site_text.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "ui/present/rule_text.h"

namespace attn::ui {

namespace {
struct SiteText {
    Q_DECLARE_TR_FUNCTIONS(Site)
};

QString kindText(SiteKind kind) {
    switch (kind) {
        case SiteKind::EncoderSelf:
            return SiteText::tr("self-attention of the encoder");
        case SiteKind::DecoderSelf:
            return SiteText::tr("self-attention of the decoder");
        case SiteKind::Cross:
            return SiteText::tr("cross attention");
        case SiteKind::Copy:
            return SiteText::tr("copying");
        case SiteKind::WordLevel:
            return SiteText::tr("attention to words");
        case SiteKind::SentenceLevel:
            return SiteText::tr("attention to sentences");
        case SiteKind::Pool:
            return SiteText::tr("pooling");
        case SiteKind::Hop:
            return SiteText::tr("hops over the memory");
        case SiteKind::Summary:
            return SiteText::tr("summary");
    }
    return {};
}
} // namespace

QString siteText(const Trace& trace, int site) {
    const Site& at = trace.sites[static_cast<std::size_t>(site)];
    bool deep = false, bidirectional = false;
    for (const Site& other : trace.sites) {
        deep |= other.kind == at.kind && other.layer != at.layer;
        bidirectional |= other.kind == at.kind && other.backward != at.backward;
    }
    QString text = kindText(at.kind);
    if (deep) text = SiteText::tr("%1, layer %2").arg(text).arg(at.layer + 1);
    if (bidirectional)
        text = (at.backward ? SiteText::tr("%1, backward") : SiteText::tr("%1, forward")).arg(text);
    return text;
}

QString ruleTitle(const Trace& trace, int site, int head) {
    if (site < 0) return SiteText::tr("no attention");
    const Site& at = trace.sites[static_cast<std::size_t>(site)];
    QStringList parts;
    if (at.heads > 1)
        parts << (head < 0 ? SiteText::tr("mean of %1 heads").arg(at.heads)
                           : SiteText::tr("head %1 of %2").arg(head + 1).arg(at.heads));
    else if (at.rule)
        parts << SiteText::tr("single head");
    if (at.rule) {
        if (at.rule->scope != Scope::Global) parts << scopeText(*at.rule);
        parts << normaliserText(*at.rule);
    } else if (holdsWeightsOnly(trace)) {
        parts << SiteText::tr("weights from a file");
    } else {
        parts << SiteText::tr("weights of another map");
    }
    return parts.join(QStringLiteral(" · "));
}

QString mapTitle(const Trace& trace, int site, int head) {
    const QString title = ruleTitle(trace, site, head);
    return site >= 0 && trace.sites.size() > 1 ? siteText(trace, site) + QStringLiteral(" · ") + title
                                               : title;
}

QString noAttentionText(const Trace& trace) {
    if (trace.axisOf(AxisKind::Source) < 0)
        return SiteText::tr(
            "This model has no attention: all that it knows of the words before is in its state. No word "
            "looks at another, so there is no map.");
    return SiteText::tr(
        "This model has no attention: one vector, the encoder's last states, stands for the whole source at "
        "every step. No word is aligned with another, so there is no map.");
}

bool holdsWeightsOnly(const Trace& trace) {
    const bool ruled = std::any_of(trace.sites.begin(), trace.sites.end(),
                                   [](const Site& site) { return site.rule.has_value(); });
    const bool run = std::any_of(trace.passes.begin(), trace.passes.end(), [](const Pass& pass) {
        return pass.output.has_value() || !pass.states.empty();
    });
    return !ruled && !run && trace.tracks.empty();
}

} // namespace attn::ui

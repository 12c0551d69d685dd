// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/edit.h"

#include <algorithm>

#include "core/base/fields_json.h"
#include "core/base/json_text.h"

namespace attn {

namespace {

std::string listed(const std::vector<Site>& sites) {
    std::string text;
    for (const Site& site : sites)
        text += (text.empty() ? "" : ", ") + std::string(toText(site.kind)) + " (layer " +
                std::to_string(site.layer) + ")";
    return text.empty() ? "none: it has no attention" : text;
}

/// Collects the faults of one edit.
class EditCheck {
public:
    EditCheck(const Edit& edit, std::string where, Findings& faults)
        : m_edit(edit), m_where(std::move(where)), m_faults(faults) {}

    void check(const std::vector<Site>& sites) {
        const bool atSite = m_edit.place == EditPlace::Attention || m_edit.place == EditPlace::Mask;
        if (atSite) checkSite(sites);
        if (m_edit.place == EditPlace::Attention && m_edit.stage == Stage::Scope)
            fault("stage", "is scope; give \"place\": \"mask\" to change which positions take part");
        if ((m_edit.place == EditPlace::State || m_edit.place == EditPlace::Encoder) &&
            m_edit.part != StatePart::Hidden && m_edit.part != StatePart::Cell)
            fault("part", "is " + std::string(toText(m_edit.part)) +
                              "; expected hidden or cell: gates are recorded, not changed");
        if (m_edit.initial && (m_edit.place != EditPlace::State || m_edit.step))
            fault("initial", "is for the place state, without a step");
        checkOperation();
    }

private:
    void fault(const char* field, const std::string& text) {
        m_faults.push_back({Severity::Fault, m_where + "." + field, text});
    }

    void checkSite(const std::vector<Site>& sites) {
        const auto at = std::find_if(sites.begin(), sites.end(), [&](const Site& site) {
            return site.kind == m_edit.site && site.layer == m_edit.layer && site.backward == m_edit.backward;
        });
        if (at == sites.end())
            return fault("site", "is " + std::string(toText(m_edit.site)) + ", layer " +
                                     std::to_string(m_edit.layer) + "; the model's sites: " + listed(sites));
        if (m_edit.head && *m_edit.head >= at->heads)
            fault("head",
                  "is " + std::to_string(*m_edit.head) + "; expected 0 to " + std::to_string(at->heads - 1));
        if (at->rule) return;
        if (m_edit.place != EditPlace::Attention || m_edit.stage != Stage::Factors)
            fault("stage", "this site takes its weights from another one: expected factors");
    }

    void checkOperation() {
        const EditOperation operation = m_edit.operation;
        const bool normalises = operation == EditOperation::Normalise;
        if (normalises && (m_edit.place != EditPlace::Attention || m_edit.stage != Stage::Normaliser))
            fault("operation", "normalise is for the place attention and the stage normaliser");
        if (normalises && m_edit.position) fault("position", "is not for normalise, which is of a whole row");
        if (m_edit.renormalise && (m_edit.place != EditPlace::Attention ||
                                   (m_edit.stage != Stage::Normaliser && m_edit.stage != Stage::Factors)))
            fault("renormalise", "is for attention's stages normaliser and factors");
        if (m_edit.place == EditPlace::Mask) {
            if (operation != EditOperation::Set && operation != EditOperation::Off)
                fault("operation", "is " + std::string(toText(operation)) + "; a mask knows set and off");
            if (!m_edit.values.empty()) fault("values", "a mask has none: set lets positions take part");
            return;
        }
        const bool wanted = operation != EditOperation::Off && !normalises;
        if (wanted && m_edit.values.empty())
            fault("values", "are missing; expected one number, or one for each column");
        if (!wanted && !m_edit.values.empty())
            fault("values", "are not used by " + std::string(toText(operation)));
        if (m_edit.position && m_edit.values.size() > 1)
            fault("values", "are " + std::to_string(m_edit.values.size()) + " numbers for one position");
    }

    const Edit& m_edit;
    std::string m_where;
    Findings& m_faults;
};

} // namespace

Findings faultsOf(const std::vector<Edit>& edits, const std::vector<Site>& sites) {
    Findings faults;
    for (std::size_t i = 0; i < edits.size(); ++i) {
        const std::string where = "edits[" + std::to_string(i) + "]";
        checkBounds(edits[i], where + ".", faults);
        EditCheck(edits[i], where, faults).check(sites);
    }
    return faults;
}

std::vector<Edit> readEdits(const std::string& json, const std::string& where) {
    Findings faults;
    std::vector<Edit> edits;
    const nlohmann::json parsed = parseJson(json, "edits", faults);
    if (faults.empty()) fromJson(parsed, edits, "edits", faults);
    throwFaults(ErrorKind::Data, where + " is not a list of edits:", faults);
    return edits;
}

} // namespace attn

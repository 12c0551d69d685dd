// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/word_choice.h"

namespace attn {

WordChoice::WordChoice(const Model& model) {
    const Vocabulary& vocabulary = model.target().vocabulary;
    if (model.card().endNotFirst) m_notFirst = vocabulary.special().eos;
    if (model.card().never.empty()) return;
    m_never.assign(static_cast<std::size_t>(vocabulary.size()), false);
    for (const std::string& word : model.card().never)
        m_never[static_cast<std::size_t>(vocabulary.id(word))] = true;
}

int WordChoice::best(const float* scores, int count, int likeliest, int time) const {
    if (allows(likeliest, time)) return likeliest;
    int best = -1;
    for (int id = 0; id < count; ++id)
        if (allows(id, time) && (best < 0 || scores[id] > scores[best])) best = id;
    return best < 0 ? likeliest : best;
}

} // namespace attn

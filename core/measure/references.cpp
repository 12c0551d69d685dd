// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/references.h"

#include <set>

#include "core/base/error.h"
#include "core/text/lowercase.h"
#include "core/text/tokeniser.h"

namespace attn {

References singleReferences(const std::vector<std::string>& texts) {
    References references;
    for (const std::string& text : texts) references.push_back({text});
    return references;
}

ScoredTexts scoredTexts(const std::vector<std::string>& hypotheses, const References& references,
                        bool lowercase) {
    if (hypotheses.size() != references.size())
        throw Error(ErrorKind::Argument, "there are " + std::to_string(hypotheses.size()) +
                                             " translations and references of " +
                                             std::to_string(references.size()) + " sentences");
    ScoredTexts texts;
    std::set<std::size_t> counts;
    const auto read = [lowercase](const std::string& text) {
        checkUtf8(text);
        return lowercase ? lowered(text) : text;
    };
    for (std::size_t i = 0; i < hypotheses.size(); ++i) {
        std::vector<std::string> some;
        try {
            texts.hypotheses.push_back(read(hypotheses[i]));
            for (const std::string& reference : references[i])
                if (!reference.empty()) some.push_back(read(reference));
            if (some.empty())
                throw Error(ErrorKind::Data, "has no reference; expected one that is not empty");
        } catch (const Error& error) {
            throw Error(error.kind(), "sentence " + std::to_string(i + 1) + ": " + error.what());
        }
        counts.insert(some.size());
        texts.references.push_back(std::move(some));
    }
    texts.referenceCount = counts.size() == 1 ? std::to_string(*counts.begin()) : "var";
    return texts;
}

} // namespace attn

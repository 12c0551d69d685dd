// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_french/english_french.h"

#include "core/tasks/english_french/sampler.h"
#include "core/tasks/english_french/showcase.h"
#include "core/tasks/english_french/vocabulary_of.h"
#include "core/text/tokeniser.h"

namespace attn {

Example EnglishFrenchTask::generate(Random& random) const {
    return english_french::realise(english_french::sampleSentence(random));
}

std::vector<std::string> EnglishFrenchTask::sourceTokens() const {
    return english_french::englishTokens();
}
std::vector<std::string> EnglishFrenchTask::targetTokens() const {
    return english_french::frenchTokens();
}

std::vector<std::string> EnglishFrenchTask::showcase() const {
    std::vector<std::string> sentences;
    for (const english_french::Sentence& tree : english_french::showcaseTrees())
        sentences.push_back(detokenise(TokeniserKind::Words, english_french::realise(tree).source));
    return sentences;
}

} // namespace attn

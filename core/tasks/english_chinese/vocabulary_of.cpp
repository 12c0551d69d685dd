// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_chinese/vocabulary_of.h"

#include <set>

#include "core/tasks/english_chinese/morphology.h"
#include "core/tasks/english_french/lexicon.h"

namespace attn::english_chinese {
namespace {

class Collector {
public:
    void add(std::string_view text) {
        for (std::string& token : english_french::tokensOf(text)) m_tokens.insert(std::move(token));
    }
    template <typename Table>
    void addEnglish(const Table& table) {
        for (const auto& entry : table) add(entry.english);
    }
    template <typename Table>
    void addChinese(const Table& table) {
        for (const auto& entry : table) add(entry.chinese);
    }
    void addYears() {
        for (int year = firstYear; year <= lastYear; ++year) add(std::to_string(year));
    }
    std::vector<std::string> take() const { return {m_tokens.begin(), m_tokens.end()}; }

private:
    std::set<std::string> m_tokens;
};

} // namespace

std::vector<std::string> englishTokens() {
    Collector tokens;
    tokens.add(
        "the a an some this these that those my your his her our their every several many all of and "
        "I you he she we they me him us them who whom what where when why not cannot can must should "
        "want wants to do does did has have will be am is are was were by with in on ago there more than "
        "very too that cups glasses bottles bowls , . ?");
    tokens.addEnglish(prepositions());
    tokens.addEnglish(verbAdverbs());
    tokens.addEnglish(times());
    tokens.addEnglish(manners());
    for (const auto* table : {&vehicles(), &months(), &weekdays(), &numbers(), &timeUnits()})
        tokens.addEnglish(*table);
    tokens.addEnglish(containers());
    tokens.addEnglish(joints());
    tokens.addEnglish(names());
    tokens.addYears();
    for (const Noun& noun : nouns()) {
        tokens.add(noun.english);
        const bool counted = noun.count == Count::Countable || noun.count == Count::Owned;
        if (counted && !(noun.classes & (Kin | Stop))) // of a station there is but one
            tokens.add(englishNoun(noun, true));
    }
    for (const Adjective& word : adjectives()) {
        tokens.add(word.english);
        if (word.graded) tokens.add(word.comparative);
    }
    for (const Verb& verb : verbs()) {
        if (verb.frame == Frame::Clausal && !(verb.flags & Stative)) { // always in the past
            tokens.add(englishForm(verb, VerbForm::Past));
            continue;
        }
        tokens.add(englishForm(verb, VerbForm::Base));
        if (!(verb.flags & Punctual)) tokens.add(englishForm(verb, VerbForm::ThirdPerson));
        if (verb.flags & Stative) continue;
        tokens.add(englishForm(verb, VerbForm::Past));
        tokens.add(englishForm(verb, VerbForm::Participle));
        if (!(verb.flags & (Punctual | Moving))) tokens.add(englishForm(verb, VerbForm::Ing));
    }
    return tokens.take();
}

std::vector<std::string> chineseTokens() {
    Collector tokens;
    tokens.add(
        "一 一些 这 这些 那 那些 每 几 很多 所有 的 们 和 我 你 他 她 我们 他们 谁 什么 哪里 时候 为什么 "
        "不 没有 能 必须 应该 想 会 正在 在 跟 一起 坐 把 给 被 了 过 都 是 很 非常 太 更 比 有 吗 "
        "年 前 ， 。 ？");
    for (const Preposition& word : prepositions()) tokens.add(word.localiser);
    tokens.addChinese(verbAdverbs());
    tokens.addChinese(times());
    tokens.addChinese(manners());
    for (const auto* table : {&vehicles(), &months(), &weekdays(), &numbers(), &timeUnits()})
        tokens.addChinese(*table);
    tokens.addChinese(containers());
    for (const Joint& joint : joints())
        for (const char* text : {joint.opening, joint.closing, joint.main}) tokens.add(text);
    tokens.addChinese(names());
    tokens.addYears();
    for (const Noun& noun : nouns()) {
        tokens.add(noun.chinese);
        tokens.add(noun.measure);
    }
    tokens.addChinese(adjectives());
    tokens.addChinese(verbs());
    return tokens.take();
}

} // namespace attn::english_chinese

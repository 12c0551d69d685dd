// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_chinese/morphology.h"

#include "core/tasks/english_french/english_morphology.h"

namespace attn::english_chinese {
namespace {

std::string withIng(const std::string& base) {
    if (base.ends_with("ee")) return base + "ing";
    return (base.ends_with("e") ? base.substr(0, base.size() - 1) : base) + "ing";
}

} // namespace

std::string englishForm(const Verb& verb, VerbForm form) {
    const std::string all = verb.english, base = all.substr(0, all.find(' ')), rest = all.substr(base.size());
    const std::string past = *verb.past ? verb.past : english_french::englishWithEd(base);
    switch (form) {
        case VerbForm::Base:
            return all;
        case VerbForm::ThirdPerson:
            return (base == "have" ? "has" : english_french::englishWithS(base)) + rest;
        case VerbForm::Past:
            return past + rest;
        case VerbForm::Participle:
            return (*verb.participle ? verb.participle : past) + rest;
        case VerbForm::Ing:
            return (*verb.ing ? verb.ing : withIng(base)) + rest;
    }
    return all;
}

std::string englishNoun(const Noun& noun, bool plural) {
    if (!plural) return noun.english;
    return *noun.plural ? noun.plural : english_french::englishWithS(noun.english);
}

} // namespace attn::english_chinese

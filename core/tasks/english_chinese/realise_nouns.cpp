// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/tasks/english_chinese/morphology.h"
#include "core/tasks/english_chinese/realiser.h"

namespace attn::english_chinese {
namespace {

struct PronounForms {
    const char* subject;
    const char* object;
    const char* chinese;
};
const PronounForms& formsOf(Pronoun pronoun) {
    static const PronounForms table[] = {
        {"", "", ""},         {"I", "me", "我"},    {"you", "you", "你"},     {"he", "him", "他"},
        {"she", "her", "她"}, {"we", "us", "我们"}, {"they", "them", "他们"},
    };
    return table[static_cast<int>(pronoun)];
}

const WordPair& ownerOf(Determiner determiner) {
    static const WordPair table[] = {{"my", "我"},  {"your", "你"},  {"his", "他"},
                                     {"her", "她"}, {"our", "我们"}, {"their", "他们"}};
    return table[static_cast<int>(determiner) - static_cast<int>(Determiner::My)];
}

bool isOwner(Determiner determiner) {
    return determiner >= Determiner::My && determiner <= Determiner::Their;
}

} // namespace

bool isSingular(const NounPhrase& tree) {
    if (tree.pronoun != Pronoun::None) return tree.pronoun == Pronoun::He || tree.pronoun == Pronoun::She;
    if (!tree.conjunct.empty()) return false;
    if (tree.container) return tree.number == 1;
    return !tree.plural;
}

bool isDefinite(const NounPhrase& tree) {
    if (tree.name || tree.pronoun != Pronoun::None) return true;
    return tree.determiner == Determiner::Definite || tree.determiner == Determiner::This ||
           tree.determiner == Determiner::That || isOwner(tree.determiner);
}

Phrase Realiser::nounPhrase(const NounPhrase& tree, bool object, bool classified) {
    Phrase phrase = simpleNounPhrase(tree, object, classified);
    for (const NounPhrase& other : tree.conjunct) {
        phrase += m_derivation.pair("and", "和");
        phrase += simpleNounPhrase(other, object, classified);
    }
    return phrase;
}

/// a cup of tea: 一 杯 茶
void Realiser::containerParts(const NounPhrase& tree, NounParts& parts) {
    Derivation& d = m_derivation;
    Phrase phrase;
    const WordPair one{"a", "一"};
    const WordPair& count = tree.number == 1 ? one : numbers()[static_cast<std::size_t>(tree.number - 2)];
    phrase += d.pair(count.english, count.chinese);
    phrase +=
        d.pair(tree.number == 1 ? tree.container->english
                                : std::string(tree.container->english) +
                                      (std::string_view(tree.container->english) == "glass" ? "es" : "s"),
               tree.container->chinese);
    const Tokens of = d.english("of");
    d.possible(of, {phrase.chinese.back()});
    phrase.english += of;
    parts.counted = phrase.chinese;
    parts.english = phrase.english;
}

void Realiser::determine(const NounPhrase& tree, const char* english, const char* chinese, bool measured,
                         Tokens& place, NounParts& parts) {
    Derivation& d = m_derivation;
    const Phrase word = d.pair(english, chinese);
    parts.english += word.english;
    place += word.chinese;
    if (!measured) return;
    const Tokens measure = d.chinese(tree.noun->measure);
    d.possible(word.english, measure);
    d.possible(parts.head.english, measure);
    place += measure;
}

/// my book: 我 的 书; my mother: 我 妈妈
void Realiser::determineOwner(const NounPhrase& tree, NounParts& parts) {
    Derivation& d = m_derivation;
    const WordPair& word = ownerOf(tree.determiner);
    const Phrase own = d.pair(word.english, word.chinese);
    parts.english += own.english;
    parts.owner = own.chinese;
    const bool bare = (tree.noun->classes & Kin) && !tree.plural && !tree.first;
    if (!bare) {
        const Tokens de = d.chinese("的");
        d.possible(own.english, de);
        parts.owner += de;
    }
}

void Realiser::determinerParts(const NounPhrase& tree, bool classified, NounParts& parts) {
    Derivation& d = m_derivation;
    const auto add = [&](const char* english, const char* chinese, bool measured, Tokens& place) {
        determine(tree, english, chinese, measured, place, parts);
    };
    switch (tree.determiner) {
        case Determiner::Definite: {
            const Tokens the = d.english("the");
            d.possible(the, parts.head.chinese);
            parts.english += the;
            break;
        }
        case Determiner::Bare:
            break;
        case Determiner::Indefinite:
            if (tree.plural || tree.noun->count == Count::Mass) {
                add("some", "一些", false, parts.counted);
            } else if (classified) {
                add("a", "一", true, parts.counted);
            } else {
                parts.english += d.english("a");
            }
            break;
        case Determiner::This:
            tree.plural ? add("these", "这些", false, parts.shown) : add("this", "这", true, parts.shown);
            break;
        case Determiner::That:
            tree.plural ? add("those", "那些", false, parts.shown) : add("that", "那", true, parts.shown);
            break;
        case Determiner::Every:
            add("every", "每", true, parts.counted);
            break;
        case Determiner::Several:
            add("several", "几", true, parts.counted);
            break;
        case Determiner::Many:
            add("many", "很多", false, parts.counted);
            break;
        case Determiner::All: {
            add("all", "所有", false, parts.counted);
            const Tokens the = d.english("the"), de = d.chinese("的");
            d.possible(parts.english, de);
            d.possible(the, de);
            parts.english += the;
            parts.counted += de;
            break;
        }
        case Determiner::Number: {
            const WordPair& count = numbers()[static_cast<std::size_t>(tree.number - 2)];
            add(count.english, count.chinese, true, parts.counted);
            break;
        }
        default:
            determineOwner(tree, parts);
    }
}

void Realiser::adjectiveParts(const NounPhrase& tree, NounParts& parts) {
    Derivation& d = m_derivation;
    for (const Adjective* adjective : {tree.first, tree.colour}) {
        if (!adjective) continue;
        const Phrase word = d.pair(adjective->english, adjective->chinese);
        parts.english += word.english;
        if (adjective->use == Adjective::Bare) {
            parts.bare += word.chinese;
        } else {
            const Tokens de = d.chinese("的");
            d.possible(word.english, de);
            parts.marked += word.chinese;
            parts.marked += de;
        }
    }
}

void Realiser::relativeParts(const NounPhrase& tree, NounParts& parts) {
    Derivation& d = m_derivation;
    const bool people = (tree.noun->classes & Person) != 0;
    for (const Clause& relative : tree.relative) {
        const bool gapped = relative.gap == Clause::Gap::Subject;
        const Phrase who = d.pair(!people ? "that" : gapped ? "who" : "whom", "的");
        Clause said = relative;
        if (gapped) {
            said.subject = tree;
            said.subject.relative.clear();
        } else {
            said.object = tree;
            said.object->relative.clear();
        }
        const Phrase inner = clause(said, Where::Relative);
        parts.english += who.english;
        parts.english += inner.english;
        parts.described += inner.chinese;
        parts.described += who.chinese;
    }
}

/// English: determiner, adjectives, noun, of-phrase, relative clause. Chinese: an indefinite numeral with
/// its measure word, relative clause or owner with 的, a demonstrative with its measure word, adjectives
/// (those with 的 first), noun.
Phrase Realiser::simpleNounPhrase(const NounPhrase& tree, bool object, bool classified) {
    Derivation& d = m_derivation;
    if (tree.pronoun != Pronoun::None) {
        const PronounForms& forms = formsOf(tree.pronoun);
        return d.pair(object ? forms.object : forms.subject, forms.chinese);
    }
    if (tree.name) return d.pair(tree.name->english, tree.name->chinese);
    if (!tree.noun) throw Error(ErrorKind::Argument, "a noun phrase needs a noun, a name or a pronoun");

    NounParts parts;
    parts.head = d.pair(englishNoun(*tree.noun, tree.plural), tree.noun->chinese);
    if (tree.container)
        containerParts(tree, parts);
    else
        determinerParts(tree, classified, parts);
    adjectiveParts(tree, parts);
    parts.english += parts.head.english;
    for (const NounPhrase& whose : tree.complement) {
        const Phrase of = d.pair("of", "的"), other = simpleNounPhrase(whose, true, true);
        parts.english += of.english;
        parts.english += other.english;
        parts.owner += other.chinese;
        parts.owner += of.chinese;
    }
    relativeParts(tree, parts);

    Phrase phrase{parts.english, {}};
    for (const Tokens* part :
         {&parts.counted, &parts.described, &parts.owner, &parts.shown, &parts.marked, &parts.bare})
        phrase.chinese += *part;
    phrase.chinese += parts.head.chinese;
    const bool people = (tree.noun->classes & Person) != 0;
    const bool listed = tree.determiner == Determiner::Definite || isOwner(tree.determiner);
    if (people && tree.plural && listed && !tree.container) {
        const Tokens plural = d.chinese("们");
        d.possible(parts.head.english, plural);
        phrase.chinese += plural;
    }
    return phrase;
}

Phrase Realiser::time(const Time& tree) {
    Derivation& d = m_derivation;
    if (tree.fixed) return d.pair(tree.fixed->english, tree.fixed->chinese);
    if (tree.weekday >= 0) {
        const WordPair& day = weekdays()[static_cast<std::size_t>(tree.weekday)];
        Phrase phrase{d.english("on"), {}};
        const Phrase word = d.pair(day.english, day.chinese);
        d.possible(phrase.english, word.chinese);
        return phrase += word;
    }
    if (tree.ago > 0) {
        const WordPair& count = numbers()[static_cast<std::size_t>(tree.ago - 2)];
        const WordPair& unit = timeUnits()[static_cast<std::size_t>(tree.unit)];
        Phrase phrase = d.pair(count.english, count.chinese);
        const Tokens english = d.english(unit.english), chinese = d.chinese(unit.chinese);
        d.link(english, {chinese.back()});
        if (chinese.size() > 1) d.possible(english, {chinese.front()});
        phrase += {english, chinese};
        return phrase += d.pair("ago", "前");
    }
    Phrase phrase{d.english("in"), {}};
    if (tree.month >= 0) {
        const WordPair& month = months()[static_cast<std::size_t>(tree.month)];
        const Phrase word = d.pair(month.english, month.chinese);
        d.possible(phrase.english, word.chinese);
        phrase += word;
    }
    if (tree.year > 0) {
        const Phrase year = d.pair(std::to_string(tree.year), std::to_string(tree.year));
        const Tokens nian = d.chinese("年");
        d.possible({phrase.english.front()}, nian);
        d.possible(year.english, nian);
        Tokens chinese = year.chinese; // the larger unit first
        chinese += nian;
        chinese += phrase.chinese;
        phrase.english += year.english;
        phrase.chinese = chinese;
    }
    return phrase;
}

Phrase Realiser::place(const Place& tree, bool dropped, const Tokens& beside) {
    Derivation& d = m_derivation;
    const bool bare = tree.where.name != nullptr;
    const Tokens word = d.english(tree.preposition->english);
    const Tokens localiser = d.chinese(
        bare && std::string_view(tree.preposition->english) == "in" ? "" : tree.preposition->localiser);
    const Tokens zai = dropped ? Tokens{} : d.chinese("在");
    d.link(word, localiser);
    d.link(word, zai, beside.empty() || localiser.empty());
    d.link(beside, zai);
    const Phrase where = nounPhrase(tree.where, true);
    Phrase phrase{word, zai};
    phrase += where;
    phrase.chinese += localiser;
    return phrase;
}

} // namespace attn::english_chinese

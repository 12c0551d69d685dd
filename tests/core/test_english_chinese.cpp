// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/tasks/english_chinese/english_chinese.h"
#include "core/tasks/english_chinese/realiser.h"
#include "core/tasks/english_chinese/sampler.h"
#include "core/tasks/split.h"
#include "core/text/tokeniser.h"
#include "tests/core/english_chinese_fixture.h"

using namespace attn;
using namespace attn::english_chinese;

TEST_CASE("chinese is a function of english") {
    const auto task = makeTask("en-zh");
    Random random(41);
    std::map<std::string, std::string> meaning;
    constexpr int count = 20000;
    double words = 0;
    for (int i = 0; i < count; ++i) {
        const Example example = task->generate(random);
        const auto [entry, fresh] = meaning.emplace(joined(example.source), joined(example.target));
        REQUIRE_MESSAGE((fresh || entry->second == joined(example.target)), entry->first);
        REQUIRE((example.source.size() >= 2 && example.source.size() <= 36));
        words += static_cast<double>(example.source.size());
    }
    REQUIRE((words / count > 8 && words / count < 12));
    REQUIRE(meaning.size() > count * 0.95);
    REQUIRE((task->sourceTokens().size() >= 600 && task->targetTokens().size() >= 400));
}

TEST_CASE("every word is linked") {
    Random random(43);
    const auto task = makeTask("en-zh");
    std::set<std::string> content;
    for (const Noun& each : nouns())
        if (std::string_view(each.english).find(' ') == std::string_view::npos) content.insert(each.english);
    for (const Name& each : names()) content.insert(each.english);
    for (const Adjective& each : adjectives()) content.insert(each.english);
    for (const WordPair& each : numbers()) content.insert(each.english);
    for (int i = 0; i < 5000; ++i) {
        const Example example = task->generate(random);
        std::vector<int> targets(example.target.size(), 0), sure(example.source.size(), 0);
        for (const GoldLink& link : example.links) {
            ++targets[static_cast<std::size_t>(link.target)];
            sure[static_cast<std::size_t>(link.source)] += link.sure;
        }
        for (int n : targets) REQUIRE_MESSAGE(n > 0, joined(example.source));
        for (std::size_t s = 0; s < example.source.size(); ++s) {
            const std::string& word = example.source[s];
            if (content.count(word) || word == "not" || word == "?" || word == ".")
                REQUIRE_MESSAGE(sure[s] > 0, (word + ": " + joined(example.source)));
            for (const GoldLink& link : example.links)
                if (link.sure && link.source == static_cast<int>(s) && !punctuation().count(word))
                    REQUIRE(example.target[static_cast<std::size_t>(link.target)] != "。");
        }
    }
}

/// After a numeral or a demonstrative stands the measure word of a noun to which its English word is linked.
TEST_CASE("measure words are their nouns") {
    std::map<std::string, std::string> measureOf;
    for (const Noun& each : nouns())
        if (*each.measure) measureOf[each.chinese] = each.measure;
    REQUIRE(measureOf.at("书") == "本");
    REQUIRE(measureOf.at("猫") == "只");
    REQUIRE(measureOf.at("汽车") == "辆");
    REQUIRE(measureOf.at("老师") == "位");
    std::set<std::string> counting = {"一", "这", "那", "每", "几"};
    for (const WordPair& each : numbers()) counting.insert(each.chinese);
    const std::set<std::string> free = {"杯", "瓶", "碗", "天", "年", "个"};
    const auto task = makeTask("en-zh");
    Random random(47);
    int met = 0;
    for (int i = 0; i < 8000; ++i) {
        const Example example = task->generate(random);
        for (std::size_t t = 0; t + 1 < example.target.size(); ++t) {
            if (!counting.count(example.target[t])) continue;
            const std::string& measure = example.target[t + 1];
            bool right = false;
            for (const GoldLink& link : example.links)
                for (const GoldLink& other : example.links)
                    if (link.target == static_cast<int>(t + 1) && other.source == link.source && other.sure) {
                        const auto found =
                            measureOf.find(example.target[static_cast<std::size_t>(other.target)]);
                        right = right || (found != measureOf.end() && found->second == measure);
                    }
            met += right;
            REQUIRE_MESSAGE((right || free.count(measure)), joined(example.target));
        }
    }
    REQUIRE(met > 3000);
}

/// The verb after "whom" or "who" is rendered before the 的 that renders it, the noun before it after.
TEST_CASE("clauses stand before their nouns") {
    const auto task = makeTask("en-zh");
    Random random(53);
    int met = 0, turned = 0;
    for (int i = 0; i < 8000; ++i) {
        const Example example = task->generate(random);
        const auto sureOf = [&](std::size_t source) {
            int found = -1;
            for (const GoldLink& link : example.links)
                if (link.sure && link.source == static_cast<int>(source))
                    found = std::max(found, link.target);
            return found;
        };
        for (std::size_t s = 1; s + 1 < example.source.size(); ++s) {
            const std::string& word = example.source[s];
            if (word != "who" && word != "whom" && word != "of") continue;
            const int de = sureOf(s), head = sureOf(s - 1);
            if (de < 0 || example.target[static_cast<std::size_t>(de)] != "的") continue; // a cup of tea
            ++met;
            REQUIRE_MESSAGE(head > de, joined(example.source));
            for (std::size_t next = s + 1; next < s + 3 && next < example.source.size(); ++next) {
                const int at = sureOf(next);
                if (at >= 0) {
                    ++turned;
                    REQUIRE_MESSAGE(at < de, joined(example.source));
                    break;
                }
            }
        }
    }
    REQUIRE_MESSAGE(met > 1000, std::to_string(met));
    REQUIRE_MESSAGE(turned > 1000, std::to_string(turned));
}

TEST_CASE("characters are the same sentence") {
    const auto words = makeTask("en-zh"), characters = makeTask("en-zh-characters");
    REQUIRE(std::string(characters->tokeniser()) == "words");
    REQUIRE(std::string(characters->targetTokeniser()) == "characters");
    Random first(59), second(59);
    for (int i = 0; i < 2000; ++i) {
        const Example a = words->generate(first), b = characters->generate(second);
        REQUIRE(a.source == b.source);
        std::string together;
        for (const std::string& token : a.target) together += token;
        REQUIRE(detokenise(TokeniserKind::Characters, b.target) == together);
        REQUIRE(tokeniseTexts(TokeniserKind::Characters, together) == b.target);
        REQUIRE(splitOf(a) == splitOf(b));
    }
    const Example example =
        inCharacters({{"teacher", "left"}, {"老师", "离开", "了"}, {{0, 0}, {1, 1}, {1, 2, false}}});
    REQUIRE(joined(example.target) == "老 师 离 开 了");
    REQUIRE(written(example.links) == "0-0 0-1 1-2 1-3 1?4");
}

TEST_CASE("trees without their parts are refused") {
    const auto refused = [](const Clause& clause) {
        try {
            said(clause);
        } catch (const Error& error) {
            return error.kind() == ErrorKind::Argument;
        }
        return false;
    };
    REQUIRE(refused({}));
    REQUIRE(refused(being(np("dog"), Predicate::Comparison, "big")));
    REQUIRE(refused(being(np("dog"), Predicate::Place)));
    REQUIRE(refused(being(np("dog"), Predicate::Existence)));
    REQUIRE_THROWS_AS(noun("unicorn"), Error);
}

TEST_CASE("splits are of useful size") {
    const auto task = makeTask("en-zh");
    Random random(61);
    std::map<Split, int> parts;
    for (int i = 0; i < 10000; ++i) ++parts[splitOf(task->generate(random))];
    REQUIRE(parts[Split::Train] > 9200);
    REQUIRE((parts[Split::Validation] > 200 && parts[Split::Test] > 200));
}

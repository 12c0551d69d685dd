// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/measure/alignment_error.h"
#include "core/tasks/add.h"
#include "core/tasks/dates.h"
#include "core/text/tokeniser.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

std::string run(const std::vector<std::string>& characters) {
    return detokenise(TokeniserKind::Characters, characters);
}

} // namespace

TEST_CASE("names make tasks") {
    REQUIRE(taskNames() == (std::vector<std::string>{"reverse", "copy", "sort", "add", "dates", "en-fr",
                                                     "en-zh", "en-zh-characters", "en-lm"}));
    for (const std::string& name : taskNames()) REQUIRE(std::string(makeTask(name)->name()) == name);
    try {
        makeTask("fr-en");
        FAIL("accepted");
    } catch (const Error& error) {
        REQUIRE(error.kind() == ErrorKind::Argument);
        for (const std::string& name : taskNames()) REQUIRE(fixture::contains(error.what(), name.c_str()));
    }
}

namespace {

struct EveryTaskKeepsItsPromisesRow {
    std::string row;
    std::string name;
};

std::vector<EveryTaskKeepsItsPromisesRow> everyTaskKeepsItsPromisesRows() {
    std::vector<EveryTaskKeepsItsPromisesRow> rows;
    for (const std::string& name : taskNames()) rows.push_back({name, name});
    return rows;
}

} // namespace

TEST_CASE("every task keeps its promises") {
    for (const EveryTaskKeepsItsPromisesRow& row : everyTaskKeepsItsPromisesRows()) {
        CAPTURE(row.row);
        const std::string& name = row.name;
        const auto task = makeTask(name);
        REQUIRE(!task->description().empty());
        const auto kind = fromText<TokeniserKind>(task->tokeniser());
        REQUIRE(kind.has_value());
        REQUIRE(fromText<TokeniserKind>(task->targetTokeniser()).has_value());
        std::array<std::set<std::string>, 2> listed, seen;
        const std::array<std::vector<std::string>, 2> tokens = {task->sourceTokens(), task->targetTokens()};
        for (std::size_t side = 0; side < 2; ++side) {
            REQUIRE(std::is_sorted(tokens[side].begin(), tokens[side].end()));
            listed[side] = {tokens[side].begin(), tokens[side].end()};
            REQUIRE(listed[side].size() == tokens[side].size());
        }
        Random first(11), second(11);
        for (int i = 0; i < 40000; ++i) {
            const Example example = task->generate(first);
            if (i < 500) REQUIRE(task->generate(second) == example);
            seen[0].insert(example.source.begin(), example.source.end());
            seen[1].insert(example.target.begin(), example.target.end());
            std::set<std::pair<int, int>> links;
            for (const GoldLink& link : example.links) {
                // Millions of links: each is compared here, and only a fault costs an assertion.
                if (link.source < 0 || link.source >= static_cast<int>(example.source.size()))
                    FAIL("source position " << link.source);
                if (link.target < 0 || link.target >= static_cast<int>(example.target.size()))
                    FAIL("target position " << link.target);
                if (!links.emplace(link.source, link.target).second)
                    FAIL("twice: " << link.source << "-" << link.target);
            }
        }
        for (std::size_t side = 0; side < 2; ++side)
            for (const std::string& token : listed[side])
                REQUIRE_MESSAGE(seen[side].count(token), ("never generated: " + token));
        for (std::size_t side = 0; side < 2; ++side)
            for (const std::string& token : seen[side])
                REQUIRE_MESSAGE(listed[side].count(token), ("not listed: " + token));
        for (const std::string& sentence : task->showcase())
            for (const std::string& token : tokeniseTexts(*kind, sentence))
                REQUIRE_MESSAGE(listed[listed[0].empty() ? 1 : 0].count(token),
                                (sentence + " holds " + token));
    }
}

TEST_CASE("reverse reverses") {
    const auto task = makeTask("reverse");
    Random random(3);
    std::set<std::size_t> lengths;
    for (int i = 0; i < 2000; ++i) {
        const Example example = task->generate(random);
        lengths.insert(example.source.size());
        REQUIRE(std::equal(example.source.begin(), example.source.end(), example.target.rbegin(),
                           example.target.rend()));
        REQUIRE(example.links.size() == example.source.size());
        for (const GoldLink& link : example.links) {
            REQUIRE(link.sure);
            REQUIRE(link.source + link.target == static_cast<int>(example.source.size()) - 1);
        }
    }
    REQUIRE(*lengths.begin() == std::size_t{3});
    REQUIRE(*lengths.rbegin() == std::size_t{20});
}

TEST_CASE("copy copies") {
    const auto task = makeTask("copy");
    Random random(3);
    std::set<std::size_t> lengths;
    for (int i = 0; i < 2000; ++i) {
        const Example example = task->generate(random);
        lengths.insert(example.source.size());
        REQUIRE(example.target == example.source);
        REQUIRE(example.links.size() == example.source.size());
        for (const GoldLink& link : example.links) {
            REQUIRE(link.sure);
            REQUIRE(link.source == link.target);
        }
    }
    REQUIRE(*lengths.begin() == std::size_t{3});
    REQUIRE(*lengths.rbegin() == std::size_t{20});
}

TEST_CASE("sort sorts") {
    const auto task = makeTask("sort");
    Random random(3);
    for (int i = 0; i < 2000; ++i) {
        const Example example = task->generate(random);
        REQUIRE(std::is_sorted(example.target.begin(), example.target.end()));
        REQUIRE(std::is_permutation(example.source.begin(), example.source.end(), example.target.begin(),
                                    example.target.end()));
        std::map<std::string, std::size_t> often;
        for (const std::string& letter : example.source) ++often[letter];
        std::size_t expected = 0; // a letter that stands n times has n x n links
        for (const auto& [letter, n] : often) expected += n * n;
        REQUIRE(example.links.size() == expected);
        for (const GoldLink& link : example.links) {
            const std::string& letter = example.source[static_cast<std::size_t>(link.source)];
            REQUIRE(letter == example.target[static_cast<std::size_t>(link.target)]);
            REQUIRE(link.sure == (often[letter] == 1));
        }
    }
}

TEST_CASE("add adds") {
    const auto task = makeTask("add");
    Random random(3);
    std::set<std::size_t> lengths;
    for (int i = 0; i < 5000; ++i) {
        const Example example = task->generate(random);
        const std::string source = run(example.source);
        REQUIRE(source.ends_with('='));
        REQUIRE(std::count(source.begin(), source.end(), '+') == 1);
        const std::size_t plus = source.find('+');
        const std::string numbers[] = {source.substr(0, plus),
                                       source.substr(plus + 1, source.size() - plus - 2)};
        const int sum = std::stoi(numbers[0]) + std::stoi(numbers[1]);
        REQUIRE(run(example.target) == std::to_string(sum));
        lengths.insert(example.source.size());
        // a sure link joins equal columns, a possible one that column and its right neighbour
        for (const GoldLink& link : example.links) {
            const int first = static_cast<int>(numbers[0].size());
            const int column = link.source < first ? first - 1 - link.source
                                                   : static_cast<int>(source.size()) - 2 - link.source;
            const int written = static_cast<int>(example.target.size()) - 1 - link.target;
            REQUIRE(written - column == (link.sure ? 0 : 1));
        }
    }
    REQUIRE(*lengths.begin() == std::size_t{4});
    REQUIRE(*lengths.rbegin() == std::size_t{10});
}

TEST_CASE("add links by hand") {
    const auto links = [](int a, int b) {
        std::set<std::string> set;
        for (const GoldLink& link : add::write(a, b).links)
            set.insert(std::to_string(link.source) + (link.sure ? "-" : "?") + std::to_string(link.target));
        return set;
    };
    // 347+58= | 405: 7+8 carries into the tens, 4+5+1 into the hundreds
    REQUIRE(links(347, 58) ==
            (std::set<std::string>{"2-2", "5-2", "1-1", "4-1", "2?1", "5?1", "0-0", "1?0", "4?0"}));
    // 5+95= | 100: the 1 has no column of its own, and 9 carries alone with what 5+5 carried
    REQUIRE(links(5, 95) == (std::set<std::string>{"0-2", "3-2", "2-1", "0?1", "3?1", "2?0"}));
    // 12+34= | 46: nothing carries
    REQUIRE(links(12, 34) == (std::set<std::string>{"1-1", "4-1", "0-0", "3-0"}));
}

namespace {

struct DatesByExplicitChoiceRow {
    std::string row;
    std::string written;
    std::string iso;
};

std::vector<DatesByExplicitChoiceRow> datesByExplicitChoiceRows() {
    std::vector<DatesByExplicitChoiceRow> rows;
    // weekdays from an almanac: the first moon landing, the fall of the wall, the first day of the century
    rows.push_back({"plain", "3 May 1979", "1979-05-03"});
    rows.push_back({"ordinal", "may 3rd, 1979", "1979-05-03"});
    rows.push_back({"weekday", "Thursday, 3 May 1979", "1979-05-03"});
    rows.push_back({"moon", "Sunday, July 20, 1969", "1969-07-20"});
    rows.push_back({"wall", "THURSDAY, 9 NOVEMBER 1989", "1989-11-09"});
    rows.push_back({"century", "Mon 1 January 2001", "2001-01-01"});
    rows.push_back({"leap", "29.2.2000", "2000-02-29"});
    rows.push_back({"eleventh", "the 11th of March 1911", "1911-03-11"});
    rows.push_back({"second", "2nd of June 1946", "1946-06-02"});
    rows.push_back({"slashes", "1914/08/01", "1914-08-01"});
    rows.push_back({"twenty-third", "23rd April 1964", "1964-04-23"});
    return rows;
}

} // namespace

TEST_CASE("dates by explicit choice") {
    for (const DatesByExplicitChoiceRow& row : datesByExplicitChoiceRows()) {
        CAPTURE(row.row);
        const std::string& written = row.written;
        const std::string& iso = row.iso;
        REQUIRE(dates::formCount() >= 15);
        const dates::Day day{std::stoi(iso.substr(0, 4)), std::stoi(iso.substr(5, 2)),
                             std::stoi(iso.substr(8, 2))};
        int found = 0;
        for (int form = 0; form < dates::formCount(); ++form)
            for (dates::Case letters : {dates::Case::Usual, dates::Case::Lower, dates::Case::Upper}) {
                const Example example = dates::write(day, form, letters);
                REQUIRE(run(example.target) == iso);
                found += run(example.source) == written;
            }
        REQUIRE(found > 0);
    }
}

TEST_CASE("dates link equal digits") {
    const auto task = makeTask("dates");
    Random random(5);
    std::map<std::string, std::string> meaning;
    for (int i = 0; i < 20000; ++i) {
        const Example example = task->generate(random);
        const auto [entry, fresh] = meaning.emplace(run(example.source), run(example.target));
        REQUIRE((fresh || entry->second == run(example.target)));
        std::vector<int> sure(example.target.size(), 0);
        for (const GoldLink& link : example.links) {
            const std::string& from = example.source[static_cast<std::size_t>(link.source)];
            const std::string& to = example.target[static_cast<std::size_t>(link.target)];
            if (link.sure && std::isdigit(static_cast<unsigned char>(from[0]))) REQUIRE(from == to);
            sure[static_cast<std::size_t>(link.target)] += link.sure;
        }
        for (std::size_t at : {0, 1, 2, 3, 6, 9}) REQUIRE(sure[at] > 0);
    }
}

TEST_CASE("alignment error by hand") {
    // S = {00, 11}, P adds {12, 23}; A = {00, 12, 30}: |A n S| = 1, |A n P| = 2, |A| = 3, |S| = 2
    const std::vector<GoldLink> gold = {{0, 0, true}, {1, 1, true}, {1, 2, false}, {2, 3, false}};
    AlignmentError error;
    error.add(gold, {{0, 0}, {1, 2}, {3, 0}, {0, 0}});
    REQUIRE(error.precision() == 2.0 / 3);
    REQUIRE(error.recall() == 1.0 / 2);
    REQUIRE(error.rate() == 1 - 3.0 / 5);
    // a second sentence, aligned without fault: |A| = 5, |S| = 4, |A n S| = 3, |A n P| = 4
    error.add({{0, 0, true}, {1, 1, true}}, {{0, 0}, {1, 1}});
    REQUIRE(error.precision() == 4.0 / 5);
    REQUIRE(error.recall() == 3.0 / 4);
    REQUIRE(error.rate() == 1 - 7.0 / 9);

    AlignmentError perfect;
    perfect.add(gold, {{0, 0}, {1, 1}, {1, 2}});
    REQUIRE(perfect.rate() == 0.0);
    AlignmentError twice;
    twice.add({{0, 0, false}, {0, 0, true}}, {{0, 0}});
    REQUIRE(twice == (AlignmentError{1, 1, 1, 1}));
    REQUIRE(AlignmentError{}.rate() == 0.0);
}

// SPDX-License-Identifier: GPL-3.0-or-later
// A corpus draws what its position says; batches hold every pair once and keep their bound.
#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <set>

#include "core/tasks/split.h"
#include "core/train/corpus.h"
#include "core/train/links.h"
#include "core/train/pair_files.h"
#include "tests/core/corpus_fixture.h"

using namespace attn;
using Texts = std::vector<std::string>;
using Paths = std::vector<std::string>;

namespace {

/// Of pairs, however they are ordered.
std::multiset<std::pair<std::vector<int>, std::vector<int>>> bag(const std::vector<EncodedPair>& pairs) {
    std::multiset<std::pair<std::vector<int>, std::vector<int>>> all;
    for (const EncodedPair& pair : pairs) all.insert({pair.source, pair.target});
    return all;
}

} // namespace

TEST_CASE_FIXTURE(CorpusFixture, "vocabularies are by frequency") {
    // c four times, then a and b three times each (b is seen first), d once; "<s>" is no word.
    const std::string pairs = write("v.tsv",
                                    "b c c\tx\nb b a\tx\nc c a a\ty <s> </s>\n"
                                    "d <pad>\tx\n");
    CorpusOptions options;
    options.pairs = {pairs};
    options.validation = {write("held.tsv", "d a e\tx\n")};
    options.tokens = "whitespace";
    const auto all = makeCorpus(options);
    REQUIRE(all->sourceVocabulary().tokens() == (Texts{"<pad>", "<s>", "</s>", "<unk>", "c", "a", "b", "d"}));
    REQUIRE(all->targetVocabulary().tokens() == (Texts{"<pad>", "<s>", "</s>", "<unk>", "x", "y"}));
    options.sourceWords = 2;
    const auto some = makeCorpus(options);
    REQUIRE(some->sourceVocabulary().tokens() == (Texts{"<pad>", "<s>", "</s>", "<unk>", "c", "a"}));

    ModelSpec spec;
    spec.sourceEnd = true;
    REQUIRE((all->validation(spec) == std::vector<EncodedPair>{{{7, 5, 3, 2}, {4, 2}, {}}}));
    spec.sourceEnd = false;
    REQUIRE((some->validation(spec) == std::vector<EncodedPair>{{{3, 5, 3}, {4, 2}, {}}}));
    for (const EncodedPair& pair : all->nextPool(1000, spec))
        for (std::size_t i = 0; i < pair.source.size(); ++i)
            REQUIRE((pair.source[i] == 3 || pair.source[i] > 3)); // what spells a special token is unknown
    REQUIRE(all->fingerprint() != some->fingerprint());
    REQUIRE(all->fingerprint() == [&] {
        options.sourceWords = 0;
        return makeCorpus(options)->fingerprint();
    }());
}

TEST_CASE_FIXTURE(CorpusFixture, "files are lowered and limited") {
    CorpusOptions options;
    options.pairs = {write("l.tsv", "Été ÀÉΣ Straße\tДА\na b c d\te\n")};
    options.validation = {write("held.tsv", "A b c d e F\tx\n")};
    options.lowercase = true;
    options.maxLength = 3;
    const auto corpus = makeCorpus(options);
    for (const char* word : {"été", "àéσ", "straße"})
        REQUIRE_MESSAGE(corpus->sourceVocabulary().contains(word), word);
    REQUIRE(corpus->targetVocabulary().contains("да"));
    REQUIRE(corpus->findings().size() == 1U);
    REQUIRE(corpus->findings()[0].text.starts_with("1 pair has more than 3 tokens"));
    REQUIRE(corpus->nextPool(1000, {}).size() == 1U);
    REQUIRE(corpus->validation({}).size() == 1U); // any length
    REQUIRE(corpus->sourceTokeniser().lowercase());
    REQUIRE(corpus->sourceTokeniser().tokeniseTexts("L’ÉTÉ") == (Texts{"l'", "été"}));
    REQUIRE(corpus->examples() == (Texts{"A b c d e F"}));
}

TEST_CASE_FIXTURE(CorpusFixture, "a pass gives every pair once") {
    CorpusOptions options;
    options.pairs = {manyPairs(200)};
    options.validationPairs = 15;
    const auto corpus = makeCorpus(options);
    const ModelSpec spec;
    const auto held = corpus->validation(spec);
    REQUIRE(held.size() == 15U);
    std::vector<std::vector<EncodedPair>> passes;
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
        std::vector<EncodedPair>& pass = passes.emplace_back();
        while (corpus->position().epoch == epoch) {
            const auto pool = corpus->nextPool(100, spec);
            REQUIRE(!pool.empty());
            pass.insert(pass.end(), pool.begin(), pool.end());
        }
        REQUIRE(pass.size() == 185U);
        REQUIRE(bag(pass) == bag(passes[0]));
    }
    REQUIRE(passes[0] != passes[1]);
    // Each pair has a word of its own. Those of the pairs held out were not seen, and are unknown.
    std::set<int> words;
    for (const EncodedPair& pair : passes[0]) words.insert(pair.target[0]);
    REQUIRE(words.size() == 185U);
    const int unknown = corpus->targetVocabulary().special().unk;
    REQUIRE(!words.contains(unknown));
    for (const EncodedPair& pair : held) REQUIRE(pair.target[0] == unknown);
    for (const EncodedPair& pair : passes[2]) REQUIRE((pair.links == std::vector<GoldLink>{{0, 0, true}}));
}

namespace {

struct APositionGoesOnAsIfNothingHadHappenedRow {
    std::string row;
    bool files;
};

std::vector<APositionGoesOnAsIfNothingHadHappenedRow> aPositionGoesOnAsIfNothingHadHappenedRows() {
    std::vector<APositionGoesOnAsIfNothingHadHappenedRow> rows;
    rows.push_back({"files", true});
    rows.push_back({"task", false});
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(CorpusFixture, "a position goes on as if nothing had happened") {
    for (const APositionGoesOnAsIfNothingHadHappenedRow& row : aPositionGoesOnAsIfNothingHadHappenedRows()) {
        CAPTURE(row.row);
        const bool files = row.files;
        CorpusOptions options;
        options.task = "reverse";
        options.validationPairs = 10;
        if (files) options.pairs = {manyPairs(300)};
        const ModelSpec spec;
        const auto straight = makeCorpus(options);
        std::vector<std::vector<EncodedPair>> pools;
        std::vector<CorpusPosition> positions;
        for (int i = 0; i < 20; ++i) {
            positions.push_back(straight->position());
            pools.push_back(straight->nextPool(150, spec));
        }
        if (files) REQUIRE(positions.back().epoch >= 1);
        for (std::size_t start : {0U, 7U, 19U, 3U}) {
            const auto resumed = makeCorpus(options);
            REQUIRE(resumed->fingerprint() == straight->fingerprint());
            resumed->setPosition(positions[start]);
            for (std::size_t i = start; i < pools.size(); ++i)
                REQUIRE(resumed->nextPool(150, spec) == pools[i]);
            REQUIRE(resumed->position() == straight->position());
            REQUIRE(resumed->validation(spec) == straight->validation(spec));
        }
        options.seed = 2;
        const auto other = makeCorpus(options);
        REQUIRE(other->nextPool(150, spec) != pools[0]);
        REQUIRE(thrown(
                    [&] {
                        other->setPosition({files ? 0U : 1U, 1000});
                    },
                    ErrorKind::Data)
                    .find("position") != std::string::npos);
    }
}

TEST_CASE_FIXTURE(CorpusFixture, "task pairs come from their parts") {
    for (const char* name : {"en-fr", "dates", "reverse"}) {
        CorpusOptions options;
        options.task = name;
        options.validationPairs = 50;
        const auto corpus = makeCorpus(options);
        const auto task = makeTask(name);
        REQUIRE(corpus->task() == std::string(name));
        REQUIRE(corpus->examples() == task->showcase());
        REQUIRE(corpus->sourceVocabulary().size() == static_cast<int>(task->sourceTokens().size()) + 4);
        ModelSpec spec;
        spec.sourceEnd = false;
        const auto part = [&](const EncodedPair& pair) {
            Example example;
            for (const int id : pair.source) example.source.push_back(corpus->sourceVocabulary().text(id));
            return splitOf(example);
        };
        for (const EncodedPair& pair : corpus->nextPool(2000, spec)) REQUIRE(part(pair) == Split::Train);
        const auto held = corpus->validation(spec);
        REQUIRE(held.size() == 50U);
        for (const EncodedPair& pair : held) REQUIRE(part(pair) == Split::Validation);
        options.maxLength = 5;
        const auto brief = makeCorpus(options);
        if (std::string(name) == "reverse")
            for (const EncodedPair& pair : brief->nextPool(500, spec)) REQUIRE(pair.source.size() <= 5);
    }
}

TEST_CASE_FIXTURE(CorpusFixture, "resplit tasks keep their links") {
    // Character by character, a linked word's characters are all linked with its partner's.
    CorpusOptions options;
    options.task = "en-fr";
    options.tokens = "characters";
    options.maxLength = 400;
    const auto corpus = makeCorpus(options);
    ModelSpec spec;
    spec.sourceEnd = false;
    int seen = 0;
    for (const EncodedPair& pair : corpus->nextPool(5000, spec)) {
        REQUIRE(!pair.links.empty());
        const auto letter = [](const Vocabulary& vocabulary, int id) { return vocabulary.text(id) != " "; };
        for (const GoldLink& link : pair.links) {
            const auto s = static_cast<std::size_t>(link.source), t = static_cast<std::size_t>(link.target);
            REQUIRE(letter(corpus->sourceVocabulary(), pair.source[s]));
            REQUIRE(letter(corpus->targetVocabulary(), pair.target[t]));
            // a letter's neighbour in the same word has the same link
            if (s + 1 < pair.source.size() && corpus->sourceVocabulary().text(pair.source[s + 1]) >= "a" &&
                corpus->sourceVocabulary().text(pair.source[s + 1]) <= "z") {
                REQUIRE(std::any_of(pair.links.begin(), pair.links.end(), [&](const GoldLink& other) {
                    return other.source == link.source + 1 && other.target == link.target;
                }));
                ++seen;
            }
        }
    }
    REQUIRE(seen > 100);
}

TEST_CASE_FIXTURE(CorpusFixture, "options are judged together") {
    CorpusOptions options;
    options.tokens = "syllables";
    options.maxLength = 0;
    options.validation = {"x.tsv"};
    const std::string message = thrown([&] { makeCorpus(options); }, ErrorKind::Argument);
    for (const char* part : {"syllables", "sentencepiece", "max_length", "validation"})
        REQUIRE_MESSAGE(message.find(part) != std::string::npos, message);
}

TEST_CASE_FIXTURE(CorpusFixture, "batches of words keep their bound") {
    const Vocabulary words = Vocabulary::ofWords({"a", "b", "c"});
    Random random(3);
    std::vector<EncodedPair> pairs;
    for (int i = 0; i < 500; ++i) {
        EncodedPair pair;
        for (int n = 1 + random.below(30); n > 0; --n) pair.source.push_back(4 + random.below(3));
        for (int n = 1 + random.below(30); n > 0; --n) pair.target.push_back(4 + random.below(3));
        pair.links = {{0, i, true}}; // a mark to know it by
        pairs.push_back(pair);
    }
    pairs.push_back({std::vector<int>(200, 4), std::vector<int>(3, 5), {{0, 500, true}}});
    constexpr int most = 120;
    const auto plain = batchesByWords(pairs, most, words, words);
    const auto shuffled = batchesByWords(pairs, most, words, words, 7);
    REQUIRE(plain.size() == shuffled.size());
    std::set<int> marks;
    int alone = 0, counted = 0;
    for (const PairBatch& batch : shuffled) {
        const int B = batch.source.batch();
        REQUIRE(static_cast<int>(batch.links.size()) == B);
        for (int b = 0; b < B; ++b) {
            const int mark = batch.links[static_cast<std::size_t>(b)][0].target;
            REQUIRE(marks.insert(mark).second);
            const EncodedPair& pair = pairs[static_cast<std::size_t>(mark)];
            REQUIRE(batch.source.lengths[static_cast<std::size_t>(b)] ==
                    static_cast<int>(pair.source.size()));
            for (std::size_t t = 0; t < pair.target.size(); ++t)
                REQUIRE(batch.gold[t * static_cast<std::size_t>(B) + static_cast<std::size_t>(b)] ==
                        pair.target[t]);
        }
        counted += batch.words;
        if (B == 1)
            ++alone;
        else
            REQUIRE((B * batch.steps <= most && B * batch.source.positions <= most));
    }
    REQUIRE(marks.size() == pairs.size());
    int words_ = 0;
    for (const EncodedPair& pair : pairs) words_ += static_cast<int>(pair.target.size());
    REQUIRE(counted == words_);
    REQUIRE((alone >= 1 && alone < 50));
    // The order is the seed's.
    const auto order = [](const std::vector<PairBatch>& batches) {
        std::vector<int> marks;
        for (const PairBatch& batch : batches) marks.push_back(batch.links[0][0].target);
        return marks;
    };
    REQUIRE(order(shuffled) == order(batchesByWords(pairs, most, words, words, 7)));
    REQUIRE(order(shuffled) != order(plain));
    REQUIRE(order(shuffled) != order(batchesByWords(pairs, most, words, words, 8)));
}

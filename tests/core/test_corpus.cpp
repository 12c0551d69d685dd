// SPDX-License-Identifier: GPL-3.0-or-later
// A corpus draws what its position says; batches hold every pair once and keep their bound.
#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <set>

#include "core/data/corpus.h"
#include "core/data/links.h"
#include "core/data/pair_files.h"
#include "core/tasks/split.h"
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
    DataRecipe options;
    options.pairs = {pairs};
    options.validation = {write("held.tsv", "d a e\tx\n")};
    options.tokens = "whitespace";
    const auto all = makeCorpus(options);
    REQUIRE(all->sourceVocabulary().tokens() == (Texts{"<pad>", "<s>", "</s>", "<unk>", "c", "a", "b", "d"}));
    REQUIRE(all->targetVocabulary().tokens() == (Texts{"<pad>", "<s>", "</s>", "<unk>", "x", "y"}));
    options.sourceWords = 2;
    TextForm bare;
    bare.sourceEnd = false;
    const auto some = makeCorpus(options, 1, bare);
    REQUIRE(some->sourceVocabulary().tokens() == (Texts{"<pad>", "<s>", "</s>", "<unk>", "c", "a"}));

    REQUIRE((all->validation() == std::vector<EncodedPair>{{{7, 5, 3, 2}, {4, 2}, {}}}));
    REQUIRE((some->validation() == std::vector<EncodedPair>{{{3, 5, 3}, {4, 2}, {}}}));
    for (const EncodedPair& pair : some->nextPool(1000))
        for (std::size_t i = 0; i < pair.source.size(); ++i)
            REQUIRE((pair.source[i] == 3 || pair.source[i] > 3)); // what spells a special token is unknown
    REQUIRE(all->fingerprint() != some->fingerprint());
    REQUIRE(all->fingerprint() == [&] {
        options.sourceWords = 0;
        return makeCorpus(options)->fingerprint();
    }());
    REQUIRE(all->fingerprint() == makeCorpus(options, 1, bare)->fingerprint()); // the files', not the form's
}

TEST_CASE_FIXTURE(CorpusFixture, "files are lowered and limited") {
    DataRecipe options;
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
    REQUIRE(corpus->nextPool(1000).size() == 1U);
    REQUIRE(corpus->validation().size() == 1U); // any length
    REQUIRE(corpus->sourceTokeniser().lowercase());
    REQUIRE(corpus->sourceTokeniser().tokeniseTexts("L’ÉTÉ") == (Texts{"l'", "été"}));
    REQUIRE(corpus->examples() == (Texts{"A b c d e F"}));
}

TEST_CASE_FIXTURE(CorpusFixture, "a pass gives every pair once") {
    DataRecipe options;
    options.pairs = {manyPairs(200)};
    options.validationPairs = 15;
    const auto corpus = makeCorpus(options);
    const auto held = corpus->validation();
    REQUIRE(held.size() == 15U);
    std::vector<std::vector<EncodedPair>> passes;
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
        std::vector<EncodedPair>& pass = passes.emplace_back();
        while (corpus->position().epoch == epoch) {
            const auto pool = corpus->nextPool(100);
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
        DataRecipe options;
        options.task = "reverse";
        options.validationPairs = 10;
        if (files) options.pairs = {manyPairs(300)};
        const auto straight = makeCorpus(options);
        std::vector<std::vector<EncodedPair>> pools;
        std::vector<CorpusPosition> positions;
        for (int i = 0; i < 20; ++i) {
            positions.push_back(straight->position());
            pools.push_back(straight->nextPool(150));
        }
        if (files) REQUIRE(positions.back().epoch >= 1);
        for (std::size_t start : {0U, 7U, 19U, 3U}) {
            const auto resumed = makeCorpus(options);
            REQUIRE(resumed->fingerprint() == straight->fingerprint());
            resumed->setPosition(positions[start]);
            for (std::size_t i = start; i < pools.size(); ++i) REQUIRE(resumed->nextPool(150) == pools[i]);
            REQUIRE(resumed->position() == straight->position());
            REQUIRE(resumed->validation() == straight->validation());
        }
        const auto other = makeCorpus(options, 2);
        REQUIRE(other->nextPool(150) != pools[0]);
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
        DataRecipe options;
        options.task = name;
        options.validationPairs = 50;
        TextForm bare;
        bare.sourceEnd = false;
        const auto corpus = makeCorpus(options, 1, bare);
        const auto task = makeTask(name);
        REQUIRE(corpus->task() == std::string(name));
        REQUIRE(corpus->examples() == task->showcase());
        REQUIRE(corpus->sourceVocabulary().size() == static_cast<int>(task->sourceTokens().size()) + 4);
        const auto part = [&](const EncodedPair& pair) {
            Example example;
            for (const int id : pair.source) example.source.push_back(corpus->sourceVocabulary().text(id));
            return splitOf(example);
        };
        for (const EncodedPair& pair : corpus->nextPool(2000)) REQUIRE(part(pair) == Split::Train);
        const auto held = corpus->validation();
        REQUIRE(held.size() == 50U);
        for (const EncodedPair& pair : held) REQUIRE(part(pair) == Split::Validation);
        options.maxLength = 5;
        const auto brief = makeCorpus(options, 1, bare);
        if (std::string(name) == "reverse")
            for (const EncodedPair& pair : brief->nextPool(500)) REQUIRE(pair.source.size() <= 5);
    }
}

TEST_CASE_FIXTURE(CorpusFixture, "resplit tasks keep their links") {
    // Character by character, a linked word's characters are all linked with its partner's.
    DataRecipe options;
    options.task = "en-fr";
    options.tokens = "characters";
    options.maxLength = 400;
    TextForm bare;
    bare.sourceEnd = false;
    const auto corpus = makeCorpus(options, 1, bare);
    int seen = 0;
    for (const EncodedPair& pair : corpus->nextPool(5000)) {
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
    DataRecipe options;
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

TEST_CASE_FIXTURE(CorpusFixture, "one side of a task is a corpus of texts") {
    DataRecipe recipe;
    recipe.task = "en-fr";
    recipe.validationPairs = 5;
    const auto pairs = makeCorpus(recipe);
    for (const TextSides side : {TextSides::Source, TextSides::Target}) {
        CAPTURE(toText(side));
        recipe.sides = side;
        const auto texts = makeCorpus(recipe);
        CHECK(texts->isSingle());
        const bool source = side == TextSides::Source;
        CHECK(texts->targetVocabulary() == (source ? pairs->sourceVocabulary() : pairs->targetVocabulary()));
        // The same sentences as of the pairs, drawn in the same order.
        const auto both = pairs->validation(), one = texts->validation();
        REQUIRE(one.size() == both.size());
        for (std::size_t i = 0; i < one.size(); ++i) {
            CHECK(one[i].source.empty());
            CHECK(one[i].links.empty());
            CHECK(one[i].target == (source ? both[i].source : both[i].target));
        }
        CHECK(texts->fingerprint() != pairs->fingerprint());
        REQUIRE(!texts->examples().empty());
        for (const int id :
             texts->targetVocabulary().ids(texts->targetTokeniser().tokeniseTexts(texts->examples().front())))
            CHECK(id != texts->targetVocabulary().special().unk);
    }
}

TEST_CASE_FIXTURE(CorpusFixture, "texts are lines of a file, or columns, or one of two files") {
    DataRecipe recipe;
    recipe.tokens = "whitespace";
    const auto textsOf = [&](std::vector<std::string> files, TextSides side) {
        recipe.pairs = recipe.validation = std::move(files);
        recipe.sides = side;
        const auto corpus = makeCorpus(recipe);
        Texts texts;
        for (const EncodedPair& pair : corpus->validation()) {
            std::string text;
            for (const int id : pair.target) text += corpus->targetVocabulary().text(id) + " ";
            texts.push_back(text);
        }
        return texts;
    };
    const std::string lines = write("lines.txt", "a b\n\nc\n"),
                      columns = write("columns.tsv", "a b\tx\t0-0\nc\ty z\n"),
                      other = write("other.txt", "x\ny z\n");
    CHECK(textsOf({lines}, TextSides::Source) == Texts{"a b </s> ", "c </s> "});
    CHECK(textsOf({lines}, TextSides::Target) == Texts{"a b </s> ", "c </s> "});
    CHECK(textsOf({columns}, TextSides::Source) == Texts{"a b </s> ", "c </s> "});
    CHECK(textsOf({columns}, TextSides::Target) == Texts{"x </s> ", "y z </s> "});
    CHECK(textsOf({lines, other}, TextSides::Target) == Texts{"x </s> ", "y z </s> "});
    CHECK(thrown([&] { textsOf({write("empty.txt", "\n")}, TextSides::Target); }, ErrorKind::Data)
              .find("no texts") != std::string::npos);
    CHECK(thrown([&] { textsOf({columns, other}, TextSides::Pair); }, ErrorKind::Data) != "");
}

TEST_CASE_FIXTURE(CorpusFixture, "a batch of texts has no source") {
    DataRecipe recipe;
    recipe.pairs = recipe.validation = {write("t.txt", "a b c\nd\n")};
    recipe.tokens = "whitespace";
    recipe.sides = TextSides::Target;
    const auto corpus = makeCorpus(recipe);
    const auto batches =
        batchesByWords(corpus->validation(), 100, corpus->sourceVocabulary(), corpus->targetVocabulary());
    REQUIRE(batches.size() == 1);
    PairBatch batch = batches[0];
    CHECK(batch.batch() == 2);
    CHECK(batch.source.positions == 0);
    CHECK(batch.source.ids.empty());
    CHECK(batch.steps == 4);
    CHECK(batch.words == 6);
    const PairBatch longer = shardOf(batch, 1, 2);
    CHECK(longer.batch() == 1);
    CHECK(longer.words == 4);
    Random random(1);
    dropWords(batch, 0.95, {}, corpus->targetVocabulary().special(), random);
    CHECK(batch.gold == batches[0].gold);
    CHECK(batch.previous != batches[0].previous);
}

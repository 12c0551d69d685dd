// SPDX-License-Identifier: GPL-3.0-or-later
// Files of sentence pairs are read as they are or refused by line; a corpus draws what its position says;
// batches hold every pair once and keep their bound.
#include <QProcess>
#include <QtTest>
#include <map>
#include <set>

#include "core/tasks/split.h"
#include "core/train/corpus.h"
#include "core/train/links.h"
#include "core/train/pair_files.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using Texts = std::vector<std::string>;
using Paths = std::vector<std::string>;

namespace {

std::string thrown(const std::function<void()>& act, ErrorKind kind) {
    try {
        act();
    } catch (const Error& error) {
        return error.kind() == kind ? error.what() : "of another kind: " + std::string(error.what());
    }
    return "nothing was thrown";
}

/// Of pairs, however they are ordered.
std::multiset<std::pair<std::vector<int>, std::vector<int>>> bag(const std::vector<EncodedPair>& pairs) {
    std::multiset<std::pair<std::vector<int>, std::vector<int>>> all;
    for (const EncodedPair& pair : pairs) all.insert({pair.source, pair.target});
    return all;
}

} // namespace

class TestCorpus : public QObject {
    Q_OBJECT

private slots:
    void init() { QVERIFY(m_folder.isValid()); }

    void parallelAndTabbedFilesGiveTheSamePairs();
    void gzippedFilesAreReadToo();
    void marksAndCarriageReturnsArePassedOver();
    void blankPairsAreLeftOutAndCounted();
    void malformedFilesAreRefusedByName_data();
    void malformedFilesAreRefusedByName();
    void damagedGzipIsRefused();
    void linksAreCarriedByBytes();
    void vocabulariesAreByFrequency();
    void filesAreLoweredAndLimited();
    void aPassGivesEveryPairOnce();
    void aPositionGoesOnAsIfNothingHadHappened_data();
    void aPositionGoesOnAsIfNothingHadHappened();
    void taskPairsComeFromTheirParts();
    void resplitTasksKeepTheirLinks();
    void optionsAreJudgedTogether();
    void batchesOfWordsKeepTheirBound();

private:
    std::string path(const std::string& name) const { return m_folder.filePath(name.c_str()).toStdString(); }
    std::string write(const std::string& name, const std::string& bytes) const {
        fixture::writeAll(path(name), bytes);
        return path(name);
    }
    /// By the program of that name, which shares nothing with the reader.
    std::string gzip(const std::string& name, const std::string& bytes) const {
        write(name, bytes);
        QProcess::execute("gzip", {"-f", path(name).c_str()});
        return path(name) + ".gz";
    }
    /// A file of `count` different pairs of 1 to 7 words.
    std::string manyPairs(int count) const {
        std::string text;
        for (int i = 0; i < count; ++i) {
            std::string source = "s" + std::to_string(i), target = "t" + std::to_string(i);
            for (int k = 0; k < i % 7; ++k) source += " a";
            for (int k = 0; k < i % 5; ++k) target += " b";
            text += source + "\t" + target + "\t0-0\n";
        }
        return write("many.tsv", text);
    }

    QTemporaryDir m_folder;
};

void TestCorpus::parallelAndTabbedFilesGiveTheSamePairs() {
    Findings findings;
    const auto parallel =
        readPairFiles({write("a.en", "The cat.\nA dog\n"), write("a.fr", "Le chat.\nUn chien\n")}, findings);
    const auto tabbed =
        readPairFiles({write("a.tsv", "The cat.\tLe chat.\t0-0 1p1\nA dog\tUn chien")}, findings);
    QVERIFY(findings.empty());
    QCOMPARE(parallel.size(), 2U);
    QCOMPARE(tabbed.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        QCOMPARE(parallel[i].source, tabbed[i].source);
        QCOMPARE(parallel[i].target, tabbed[i].target);
        QCOMPARE(tabbed[i].line, static_cast<long long>(i) + 1);
    }
    QCOMPARE(tabbed[0].source, std::string("The cat."));
    QCOMPARE(tabbed[1].target, std::string("Un chien"));
    const Example example = splitPair(tabbed[0], Tokeniser(), Tokeniser());
    QCOMPARE(example.source, (Texts{"The", "cat", "."}));
    QVERIFY((example.links == std::vector<GoldLink>{{0, 0, true}, {1, 1, false}}));
    QVERIFY(splitPair(tabbed[1], Tokeniser(), Tokeniser()).links.empty());
}

void TestCorpus::gzippedFilesAreReadToo() {
    std::string english, french; // longer than a buffer
    for (int i = 0; i < 20'000; ++i) {
        english += "line " + std::to_string(i) + "\n";
        french += "ligne " + std::to_string(i) + "\n";
    }
    Findings findings;
    const auto pairs = readPairFiles({gzip("z.en", english), write("z.fr", french)}, findings);
    QCOMPARE(pairs.size(), 20'000U);
    for (int i = 0; i < 20'000; ++i) {
        const TextPair& pair = pairs[static_cast<std::size_t>(i)];
        QVERIFY(pair.source == "line " + std::to_string(i) && pair.target == "ligne " + std::to_string(i));
    }
}

void TestCorpus::marksAndCarriageReturnsArePassedOver() {
    Findings findings;
    const auto pairs = readPairFiles({write("m.en",
                                            "\xEF\xBB\xBF"
                                            "one\r\ntwo\r\n"),
                                      write("m.fr", "un\ndeux")},
                                     findings);
    QCOMPARE(pairs.size(), 2U);
    QCOMPARE(pairs[0].source, std::string("one"));
    QCOMPARE(pairs[1].source, std::string("two"));
    QCOMPARE(pairs[1].target, std::string("deux"));
}

void TestCorpus::blankPairsAreLeftOutAndCounted() {
    Findings findings;
    const auto pairs = readPairFiles(
        {write("b.en", "one\n\n  \nfour\nfive\n"), write("b.fr", "un\ndeux\n\nquatre\n \t\n")}, findings);
    QCOMPARE(pairs.size(), 2U);
    QCOMPARE(pairs[1].source, std::string("four"));
    QCOMPARE(pairs[1].line, 4LL);
    QCOMPARE(findings.size(), 1U);
    QVERIFY(findings[0].severity == Severity::Note);
    QCOMPARE(findings[0].text, std::string("3 lines are blank on a side and left out"));

    const std::string refused = thrown(
        [&] {
            readPairFiles({path("b.en"), path("b.fr")}, findings, HalfBlank::Refuse);
        },
        ErrorKind::Data);
    QVERIFY2(refused.find("b.en, line 2: the source is empty") != std::string::npos, refused.c_str());
}

void TestCorpus::malformedFilesAreRefusedByName_data() {
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second"); // null: one file only
    QTest::addColumn<int>("kind");
    QTest::addColumn<QStringList>("told");
    const int data = static_cast<int>(ErrorKind::Data), limit = static_cast<int>(ErrorKind::Limit);
    QTest::newRow("lengths") << QByteArray("1\n2\n3\n") << QByteArray("1\n2\n3\n4\n5\n") << data
                             << QStringList{"first has 3 lines", "second has 5"};
    QTest::newRow("lengths, the other way") << QByteArray("1\n2\n3\n") << QByteArray("1\n") << data
                                            << QStringList{"first has 3 lines", "second has 1"};
    QTest::newRow("utf-8") << QByteArray("a\nb\xFF\n") << QByteArray("a\nb\n") << data
                           << QStringList{"first, line 2", "not UTF-8 at byte 1"};
    QTest::newRow("utf-8 in the second") << QByteArray("a\nb\nc\n") << QByteArray("a\nb\n\xC3\n") << data
                                         << QStringList{"second, line 3", "not UTF-8 at byte 0"};
    QTest::newRow("no tab") << QByteArray("a\tb\na b\n") << QByteArray() << data
                            << QStringList{"first, line 2", "found 0 TABs"};
    QTest::newRow("three tabs") << QByteArray("a\tb\t0-0\td\n") << QByteArray() << data
                                << QStringList{"first, line 1", "found 3 TABs"};
    QTest::newRow("nothing") << QByteArray("\n\n") << QByteArray() << data
                             << QStringList{"first: no sentence pairs"};
    QTest::newRow("long line") << QByteArray(1'000'001, 'a') << QByteArray("b\n") << limit
                               << QStringList{"first, line 1", "more than 1000000 bytes"};
}

void TestCorpus::malformedFilesAreRefusedByName() {
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    QFETCH(int, kind);
    QFETCH(QStringList, told);
    Paths paths{write("first", first.toStdString())};
    if (!second.isNull()) paths.push_back(write("second", second.toStdString()));
    const std::string message = thrown(
        [&] {
            Findings findings;
            readPairFiles(paths, findings);
        },
        static_cast<ErrorKind>(kind));
    for (const QString& part : told)
        QVERIFY2(QString::fromStdString(message).contains(part), message.c_str());
}

void TestCorpus::damagedGzipIsRefused() {
    std::string text;
    Random random(1);
    for (int i = 0; i < 20'000; ++i)
        text += std::to_string(random.next()) + "\t" + std::to_string(random.next()) + "\n";
    const std::string whole = fixture::readAll(gzip("d.tsv", text));
    std::string bent = whole;
    bent[bent.size() - 6] = static_cast<char>(bent[bent.size() - 6] ^ 1); // its checksum
    for (const std::string& bytes :
         {whole.substr(0, whole.size() / 2), bent, whole.substr(0, whole.size() - 3)}) {
        const std::string message = thrown(
            [&] {
                Findings findings;
                readPairFiles({write("damaged.gz", bytes)}, findings);
            },
            ErrorKind::Data);
        QVERIFY2(message.find("damaged.gz, line ") != std::string::npos &&
                     message.find("gzip") != std::string::npos,
                 message.c_str());
    }
    Findings findings;
    for (const std::string& absent : {path("absent"), m_folder.path().toStdString()})
        QVERIFY(thrown([&] { readPairFiles({absent}, findings); }, ErrorKind::Data).find(absent) !=
                std::string::npos);
}

void TestCorpus::linksAreCarriedByBytes() {
    QVERIFY((parseLinks(" 0-2  1p0 ", 2, 3) == std::vector<GoldLink>{{0, 2, true}, {1, 0, false}}));
    for (const char* text : {"0", "0-", "-0", "0x0", "0-0-0", "2-0", "0-3", "a-b"})
        QVERIFY2(thrown([&] { parseLinks(text, 2, 3); }, ErrorKind::Data).find(text) != std::string::npos,
                 text);
    // "ab c" as words and as characters: ab = a, b; c = c.
    const auto both = [](const char* text) {
        return Resplit{tokenise(TokeniserKind::Whitespace, text), tokenise(TokeniserKind::Characters, text)};
    };
    const auto carried = carryLinks({{0, 1, true}, {1, 0, false}}, both("ab c"), both("x yz"));
    QVERIFY((carried ==
             std::vector<GoldLink>{{0, 2, true}, {0, 3, true}, {1, 2, true}, {1, 3, true}, {3, 0, false}}));
}

void TestCorpus::vocabulariesAreByFrequency() {
    // c four times, then a and b three times each (b is seen first), d once; "<s>" is no word.
    const std::string pairs = write("v.tsv",
                                    "b c c\tx\nb b a\tx\nc c a a\ty <s> </s>\n"
                                    "d <pad>\tx\n");
    CorpusOptions options;
    options.pairs = {pairs};
    options.validation = {write("held.tsv", "d a e\tx\n")};
    options.tokens = "whitespace";
    const auto all = makeCorpus(options);
    QCOMPARE(all->sourceVocabulary().tokens(), (Texts{"<pad>", "<s>", "</s>", "<unk>", "c", "a", "b", "d"}));
    QCOMPARE(all->targetVocabulary().tokens(), (Texts{"<pad>", "<s>", "</s>", "<unk>", "x", "y"}));
    options.sourceWords = 2;
    const auto some = makeCorpus(options);
    QCOMPARE(some->sourceVocabulary().tokens(), (Texts{"<pad>", "<s>", "</s>", "<unk>", "c", "a"}));

    EncoderDecoderSpec spec;
    spec.sourceEnd = true;
    QVERIFY((all->validation(spec) == std::vector<EncodedPair>{{{7, 5, 3, 2}, {4, 2}, {}}}));
    spec.sourceEnd = false;
    QVERIFY((some->validation(spec) == std::vector<EncodedPair>{{{3, 5, 3}, {4, 2}, {}}}));
    for (const EncodedPair& pair : all->nextPool(1000, spec))
        for (std::size_t i = 0; i < pair.source.size(); ++i)
            QVERIFY(pair.source[i] == 3 || pair.source[i] > 3); // what spells a special token is unknown
    QVERIFY(all->fingerprint() != some->fingerprint());
    QCOMPARE(all->fingerprint(), [&] {
        options.sourceWords = 0;
        return makeCorpus(options)->fingerprint();
    }());
}

void TestCorpus::filesAreLoweredAndLimited() {
    CorpusOptions options;
    options.pairs = {write("l.tsv", "Été ÀÉΣ Straße\tДА\na b c d\te\n")};
    options.validation = {write("held.tsv", "A b c d e F\tx\n")};
    options.lowercase = true;
    options.maxLength = 3;
    const auto corpus = makeCorpus(options);
    for (const char* word : {"été", "àéσ", "straße"})
        QVERIFY2(corpus->sourceVocabulary().contains(word), word);
    QVERIFY(corpus->targetVocabulary().contains("да"));
    QCOMPARE(corpus->findings().size(), 1U);
    QVERIFY(corpus->findings()[0].text.starts_with("1 pair has more than 3 tokens"));
    QCOMPARE(corpus->nextPool(1000, {}).size(), 1U);
    QCOMPARE(corpus->validation({}).size(), 1U); // any length
    QVERIFY(corpus->sourceTokeniser().lowercase());
    QCOMPARE(corpus->sourceTokeniser().tokeniseTexts("L’ÉTÉ"), (Texts{"l'", "été"}));
    QCOMPARE(corpus->examples(), (Texts{"A b c d e F"}));
}

void TestCorpus::aPassGivesEveryPairOnce() {
    CorpusOptions options;
    options.pairs = {manyPairs(200)};
    options.validationPairs = 15;
    const auto corpus = makeCorpus(options);
    const EncoderDecoderSpec spec;
    const auto held = corpus->validation(spec);
    QCOMPARE(held.size(), 15U);
    std::vector<std::vector<EncodedPair>> passes;
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
        std::vector<EncodedPair>& pass = passes.emplace_back();
        while (corpus->position().epoch == epoch) {
            const auto pool = corpus->nextPool(100, spec);
            QVERIFY(!pool.empty());
            pass.insert(pass.end(), pool.begin(), pool.end());
        }
        QCOMPARE(pass.size(), 185U);
        QVERIFY(bag(pass) == bag(passes[0]));
    }
    QVERIFY(passes[0] != passes[1]);
    // Each pair has a word of its own. Those of the pairs held out were not seen, and are unknown.
    std::set<int> words;
    for (const EncodedPair& pair : passes[0]) words.insert(pair.target[0]);
    QCOMPARE(words.size(), 185U);
    const int unknown = corpus->targetVocabulary().special().unk;
    QVERIFY(!words.contains(unknown));
    for (const EncodedPair& pair : held) QCOMPARE(pair.target[0], unknown);
    for (const EncodedPair& pair : passes[2]) QVERIFY((pair.links == std::vector<GoldLink>{{0, 0, true}}));
}

void TestCorpus::aPositionGoesOnAsIfNothingHadHappened_data() {
    QTest::addColumn<bool>("files");
    QTest::newRow("files") << true;
    QTest::newRow("task") << false;
}

void TestCorpus::aPositionGoesOnAsIfNothingHadHappened() {
    QFETCH(bool, files);
    CorpusOptions options;
    options.task = "reverse";
    options.validationPairs = 10;
    if (files) options.pairs = {manyPairs(300)};
    const EncoderDecoderSpec spec;
    const auto straight = makeCorpus(options);
    std::vector<std::vector<EncodedPair>> pools;
    std::vector<CorpusPosition> positions;
    for (int i = 0; i < 20; ++i) {
        positions.push_back(straight->position());
        pools.push_back(straight->nextPool(150, spec));
    }
    if (files) QVERIFY(positions.back().epoch >= 1);
    for (std::size_t start : {0U, 7U, 19U, 3U}) {
        const auto resumed = makeCorpus(options);
        QCOMPARE(resumed->fingerprint(), straight->fingerprint());
        resumed->setPosition(positions[start]);
        for (std::size_t i = start; i < pools.size(); ++i) QVERIFY(resumed->nextPool(150, spec) == pools[i]);
        QVERIFY(resumed->position() == straight->position());
        QVERIFY(resumed->validation(spec) == straight->validation(spec));
    }
    options.seed = 2;
    const auto other = makeCorpus(options);
    QVERIFY(other->nextPool(150, spec) != pools[0]);
    QVERIFY(thrown(
                [&] {
                    other->setPosition({files ? 0U : 1U, 1000});
                },
                ErrorKind::Data)
                .find("position") != std::string::npos);
}

void TestCorpus::taskPairsComeFromTheirParts() {
    for (const char* name : {"en-fr", "dates", "reverse"}) {
        CorpusOptions options;
        options.task = name;
        options.validationPairs = 50;
        const auto corpus = makeCorpus(options);
        const auto task = makeTask(name);
        QCOMPARE(corpus->task(), std::string(name));
        QCOMPARE(corpus->examples(), task->showcase());
        QCOMPARE(corpus->sourceVocabulary().size(), static_cast<int>(task->sourceTokens().size()) + 4);
        EncoderDecoderSpec spec;
        spec.sourceEnd = false;
        const auto part = [&](const EncodedPair& pair) {
            Example example;
            for (const int id : pair.source) example.source.push_back(corpus->sourceVocabulary().text(id));
            return splitOf(example);
        };
        for (const EncodedPair& pair : corpus->nextPool(2000, spec)) QVERIFY(part(pair) == Split::Train);
        const auto held = corpus->validation(spec);
        QCOMPARE(held.size(), 50U);
        for (const EncodedPair& pair : held) QVERIFY(part(pair) == Split::Validation);
        options.maxLength = 5;
        const auto brief = makeCorpus(options);
        if (std::string(name) == "reverse")
            for (const EncodedPair& pair : brief->nextPool(500, spec)) QVERIFY(pair.source.size() <= 5);
    }
}

void TestCorpus::resplitTasksKeepTheirLinks() {
    // Character by character, a linked word's characters are all linked with its partner's.
    CorpusOptions options;
    options.task = "en-fr";
    options.tokens = "characters";
    options.maxLength = 400;
    const auto corpus = makeCorpus(options);
    EncoderDecoderSpec spec;
    spec.sourceEnd = false;
    int seen = 0;
    for (const EncodedPair& pair : corpus->nextPool(5000, spec)) {
        QVERIFY(!pair.links.empty());
        const auto letter = [](const Vocabulary& vocabulary, int id) { return vocabulary.text(id) != " "; };
        for (const GoldLink& link : pair.links) {
            const auto s = static_cast<std::size_t>(link.source), t = static_cast<std::size_t>(link.target);
            QVERIFY(letter(corpus->sourceVocabulary(), pair.source[s]));
            QVERIFY(letter(corpus->targetVocabulary(), pair.target[t]));
            // a letter's neighbour in the same word has the same link
            if (s + 1 < pair.source.size() && corpus->sourceVocabulary().text(pair.source[s + 1]) >= "a" &&
                corpus->sourceVocabulary().text(pair.source[s + 1]) <= "z") {
                QVERIFY(std::any_of(pair.links.begin(), pair.links.end(), [&](const GoldLink& other) {
                    return other.source == link.source + 1 && other.target == link.target;
                }));
                ++seen;
            }
        }
    }
    QVERIFY(seen > 100);
}

void TestCorpus::optionsAreJudgedTogether() {
    CorpusOptions options;
    options.tokens = "syllables";
    options.maxLength = 0;
    options.validation = {"x.tsv"};
    const std::string message = thrown([&] { makeCorpus(options); }, ErrorKind::Argument);
    for (const char* part : {"syllables", "sentencepiece", "max_length", "validation"})
        QVERIFY2(message.find(part) != std::string::npos, message.c_str());
}

void TestCorpus::batchesOfWordsKeepTheirBound() {
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
    QCOMPARE(plain.size(), shuffled.size());
    std::set<int> marks;
    int alone = 0, counted = 0;
    for (const PairBatch& batch : shuffled) {
        const int B = batch.source.batch();
        QCOMPARE(static_cast<int>(batch.links.size()), B);
        for (int b = 0; b < B; ++b) {
            const int mark = batch.links[static_cast<std::size_t>(b)][0].target;
            QVERIFY(marks.insert(mark).second);
            const EncodedPair& pair = pairs[static_cast<std::size_t>(mark)];
            QCOMPARE(batch.source.lengths[static_cast<std::size_t>(b)], static_cast<int>(pair.source.size()));
            for (std::size_t t = 0; t < pair.target.size(); ++t)
                QCOMPARE(batch.gold[t * static_cast<std::size_t>(B) + static_cast<std::size_t>(b)],
                         pair.target[t]);
        }
        counted += batch.words;
        if (B == 1)
            ++alone;
        else
            QVERIFY(B * batch.steps <= most && B * batch.source.positions <= most);
    }
    QCOMPARE(marks.size(), pairs.size());
    int words_ = 0;
    for (const EncodedPair& pair : pairs) words_ += static_cast<int>(pair.target.size());
    QCOMPARE(counted, words_);
    QVERIFY(alone >= 1 && alone < 50);
    // The order is the seed's.
    const auto order = [](const std::vector<PairBatch>& batches) {
        std::vector<int> marks;
        for (const PairBatch& batch : batches) marks.push_back(batch.links[0][0].target);
        return marks;
    };
    QVERIFY(order(shuffled) == order(batchesByWords(pairs, most, words, words, 7)));
    QVERIFY(order(shuffled) != order(plain));
    QVERIFY(order(shuffled) != order(batchesByWords(pairs, most, words, words, 8)));
}

QTEST_GUILESS_MAIN(TestCorpus)
#include "test_corpus.moc"

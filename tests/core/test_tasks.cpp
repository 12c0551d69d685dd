// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/measure/alignment_error.h"
#include "core/tasks/add.h"
#include "core/tasks/dates.h"
#include "core/tasks/english_french/sampler.h"
#include "core/tasks/english_french/showcase.h"
#include "core/text/tokeniser.h"

using namespace attn;
using namespace attn::english_french;

namespace {

std::string joined(const std::vector<std::string>& tokens) {
    return detokenise(TokeniserKind::Whitespace, tokens);
}
std::string run(const std::vector<std::string>& characters) {
    return detokenise(TokeniserKind::Characters, characters);
}

/// The English phrase with these words, read from the left: an independent small builder of trees.
NounPhrase np(const char* noun, bool plural = false, std::initializer_list<const char*> adjectives = {},
              Determiner determiner = Determiner::Definite) {
    NounPhrase phrase;
    phrase.noun = &english_french::noun(noun);
    phrase.plural = plural;
    phrase.determiner = determiner;
    for (const char* word : adjectives) {
        const Adjective& adjective = english_french::adjective(word);
        if (adjective.position == Position::Before) phrase.before = &adjective;
        if (adjective.position == Position::After) phrase.after = &adjective;
        if (adjective.position == Position::Relational) phrase.relational = &adjective;
    }
    return phrase;
}

NounPhrase pronoun(Pronoun which) {
    NounPhrase phrase;
    phrase.pronoun = which;
    return phrase;
}

Clause act(NounPhrase subject, const char* verb, Tense tense, std::vector<NounPhrase> object = {}) {
    Clause clause;
    clause.subject = std::move(subject);
    clause.verb = &english_french::verb(verb);
    clause.tense = tense;
    clause.object = std::move(object);
    return clause;
}

Clause negated(Clause clause) {
    clause.negated = true;
    return clause;
}

Example said(const Clause& clause) {
    Sentence sentence;
    sentence.clause = clause;
    return realise(sentence);
}

/// Leaves of a sentence little but its structure: one noun per gender, one verb per frame, the past,
/// no adjectives or adverbials, so that different structures meet in the same English words.
void collapse(Clause& clause);
void collapse(NounPhrase& phrase) {
    if (phrase.noun && phrase.noun->count == Count::Countable) {
        const bool person = phrase.noun->classes & Person, feminine = phrase.noun->gender == Gender::Feminine;
        phrase.noun =
            &english_french::noun(person ? (feminine ? "woman" : "man") : (feminine ? "door" : "book"));
        phrase.before = phrase.after = phrase.relational = nullptr;
        phrase.determiner = Determiner::Definite;
        phrase.plural = false;
    }
    if (phrase.name) phrase.name = &english_french::name("Paul");
    if (phrase.pronoun != Pronoun::None) phrase.pronoun = Pronoun::She;
    for (NounPhrase& each : phrase.complement) collapse(each);
    for (NounPhrase& each : phrase.conjunct) collapse(each);
    for (Clause& each : phrase.relative) collapse(each);
}
void collapse(Clause& clause) {
    if (clause.gap != Clause::Gap::Subject) collapse(clause.subject);
    if (clause.verb) {
        const Frame frame = clause.verb->frame;
        if (frame == Frame::Transitive) clause.verb = &english_french::verb("find");
        if (frame == Frame::Dative) clause.verb = &english_french::verb("answer");
        if (frame == Frame::Recipient) clause.verb = &english_french::verb("give");
        if (frame == Frame::Clausal) clause.verb = &english_french::verb("say");
        if (frame == Frame::Intransitive || frame == Frame::Goal || frame == Frame::Origin)
            clause.verb = &english_french::verb("leave");
    }
    if (clause.quality) clause.quality = &english_french::adjective("old");
    clause.tense = Tense::Past;
    clause.modal = Modal::None;
    clause.negated = clause.very = false;
    clause.adverb = nullptr;
    clause.adverbials.clear();
    for (auto* list : {&clause.object, &clause.recipient, &clause.agent, &clause.standard})
        for (NounPhrase& each : *list) collapse(each);
    for (Clause& each : clause.content) collapse(each);
    for (Clause& each : clause.second) collapse(each);
}

} // namespace

class TestTasks : public QObject {
    Q_OBJECT

private slots:
    void namesMakeTasks();
    void everyTaskKeepsItsPromises_data();
    void everyTaskKeepsItsPromises();
    void reverseReverses();
    void copyCopies();
    void sortSorts();
    void addAdds();
    void addLinksByHand();
    void datesByExplicitChoice_data();
    void datesByExplicitChoice();
    void datesLinkEqualDigits();
    void namedSentences_data();
    void namedSentences();
    void frenchGrammar_data();
    void frenchGrammar();
    void conjugation_data();
    void conjugation();
    void structureAloneDecides();
    void joinedClausesStayApart();
    void languageIsAFunctionAndAsLargeAsSaid();
    void goldLinks();
    void showcaseIsVaried();
    void alignmentErrorByHand();
};

void TestTasks::namesMakeTasks() {
    QCOMPARE(taskNames(), (std::vector<std::string>{"reverse", "copy", "sort", "add", "dates", "en-fr",
                                                    "en-zh", "en-zh-characters"}));
    for (const std::string& name : taskNames()) QCOMPARE(std::string(makeTask(name)->name()), name);
    try {
        makeTask("fr-en");
        QFAIL("accepted");
    } catch (const Error& error) {
        QCOMPARE(error.kind(), ErrorKind::Argument);
        for (const std::string& name : taskNames()) QVERIFY(QString(error.what()).contains(name.c_str()));
    }
}

void TestTasks::everyTaskKeepsItsPromises_data() {
    QTest::addColumn<QString>("name");
    for (const std::string& name : taskNames()) QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void TestTasks::everyTaskKeepsItsPromises() {
    QFETCH(QString, name);
    const auto task = makeTask(name.toStdString());
    QVERIFY(!task->description().empty());
    const auto kind = fromText<TokeniserKind>(task->tokeniser());
    QVERIFY(kind.has_value());
    QVERIFY(fromText<TokeniserKind>(task->targetTokeniser()).has_value());
    std::array<std::set<std::string>, 2> listed, seen;
    const std::array<std::vector<std::string>, 2> tokens = {task->sourceTokens(), task->targetTokens()};
    for (std::size_t side = 0; side < 2; ++side) {
        QVERIFY(std::is_sorted(tokens[side].begin(), tokens[side].end()));
        listed[side] = {tokens[side].begin(), tokens[side].end()};
        QCOMPARE(listed[side].size(), tokens[side].size());
    }
    Random first(11), second(11);
    for (int i = 0; i < 40000; ++i) {
        const Example example = task->generate(first);
        if (i < 500) QCOMPARE(task->generate(second), example);
        seen[0].insert(example.source.begin(), example.source.end());
        seen[1].insert(example.target.begin(), example.target.end());
        std::set<std::pair<int, int>> links;
        for (const GoldLink& link : example.links) {
            QVERIFY(link.source >= 0 && link.source < static_cast<int>(example.source.size()));
            QVERIFY(link.target >= 0 && link.target < static_cast<int>(example.target.size()));
            QVERIFY(links.emplace(link.source, link.target).second);
        }
    }
    for (std::size_t side = 0; side < 2; ++side)
        for (const std::string& token : listed[side])
            QVERIFY2(seen[side].count(token), ("never generated: " + token).c_str());
    for (std::size_t side = 0; side < 2; ++side)
        for (const std::string& token : seen[side])
            QVERIFY2(listed[side].count(token), ("not listed: " + token).c_str());
    for (const std::string& sentence : task->showcase())
        for (const std::string& token : tokeniseTexts(*kind, sentence))
            QVERIFY2(listed[0].count(token), (sentence + " holds " + token).c_str());
}

void TestTasks::reverseReverses() {
    const auto task = makeTask("reverse");
    Random random(3);
    std::set<std::size_t> lengths;
    for (int i = 0; i < 2000; ++i) {
        const Example example = task->generate(random);
        lengths.insert(example.source.size());
        QVERIFY(std::equal(example.source.begin(), example.source.end(), example.target.rbegin(),
                           example.target.rend()));
        QCOMPARE(example.links.size(), example.source.size());
        for (const GoldLink& link : example.links) {
            QVERIFY(link.sure);
            QCOMPARE(link.source + link.target, static_cast<int>(example.source.size()) - 1);
        }
    }
    QCOMPARE(*lengths.begin(), std::size_t{3});
    QCOMPARE(*lengths.rbegin(), std::size_t{20});
}

void TestTasks::copyCopies() {
    const auto task = makeTask("copy");
    Random random(3);
    std::set<std::size_t> lengths;
    for (int i = 0; i < 2000; ++i) {
        const Example example = task->generate(random);
        lengths.insert(example.source.size());
        QCOMPARE(example.target, example.source);
        QCOMPARE(example.links.size(), example.source.size());
        for (const GoldLink& link : example.links) {
            QVERIFY(link.sure);
            QCOMPARE(link.source, link.target);
        }
    }
    QCOMPARE(*lengths.begin(), std::size_t{3});
    QCOMPARE(*lengths.rbegin(), std::size_t{20});
}

void TestTasks::sortSorts() {
    const auto task = makeTask("sort");
    Random random(3);
    for (int i = 0; i < 2000; ++i) {
        const Example example = task->generate(random);
        QVERIFY(std::is_sorted(example.target.begin(), example.target.end()));
        QVERIFY(std::is_permutation(example.source.begin(), example.source.end(), example.target.begin(),
                                    example.target.end()));
        std::map<std::string, std::size_t> often;
        for (const std::string& letter : example.source) ++often[letter];
        std::size_t expected = 0; // a letter that stands n times has n x n links
        for (const auto& [letter, n] : often) expected += n * n;
        QCOMPARE(example.links.size(), expected);
        for (const GoldLink& link : example.links) {
            const std::string& letter = example.source[static_cast<std::size_t>(link.source)];
            QCOMPARE(letter, example.target[static_cast<std::size_t>(link.target)]);
            QCOMPARE(link.sure, often[letter] == 1);
        }
    }
}

void TestTasks::addAdds() {
    const auto task = makeTask("add");
    Random random(3);
    std::set<std::size_t> lengths;
    for (int i = 0; i < 5000; ++i) {
        const Example example = task->generate(random);
        const QString source = QString::fromStdString(run(example.source));
        QVERIFY(source.endsWith('='));
        const QStringList numbers = source.chopped(1).split('+');
        QCOMPARE(numbers.size(), 2);
        const int sum = numbers[0].toInt() + numbers[1].toInt();
        QCOMPARE(QString::fromStdString(run(example.target)), QString::number(sum));
        lengths.insert(example.source.size());
        // a sure link joins equal columns, a possible one that column and its right neighbour
        for (const GoldLink& link : example.links) {
            const int first = static_cast<int>(numbers[0].size());
            const int column = link.source < first ? first - 1 - link.source
                                                   : static_cast<int>(source.size()) - 2 - link.source;
            const int written = static_cast<int>(example.target.size()) - 1 - link.target;
            QCOMPARE(written - column, link.sure ? 0 : 1);
        }
    }
    QCOMPARE(*lengths.begin(), std::size_t{4});
    QCOMPARE(*lengths.rbegin(), std::size_t{10});
}

void TestTasks::addLinksByHand() {
    const auto links = [](int a, int b) {
        std::set<std::string> set;
        for (const GoldLink& link : add::write(a, b).links)
            set.insert(std::to_string(link.source) + (link.sure ? "-" : "?") + std::to_string(link.target));
        return set;
    };
    // 347+58= | 405: 7+8 carries into the tens, 4+5+1 into the hundreds
    QCOMPARE(links(347, 58),
             (std::set<std::string>{"2-2", "5-2", "1-1", "4-1", "2?1", "5?1", "0-0", "1?0", "4?0"}));
    // 5+95= | 100: the 1 has no column of its own, and 9 carries alone with what 5+5 carried
    QCOMPARE(links(5, 95), (std::set<std::string>{"0-2", "3-2", "2-1", "0?1", "3?1", "2?0"}));
    // 12+34= | 46: nothing carries
    QCOMPARE(links(12, 34), (std::set<std::string>{"1-1", "4-1", "0-0", "3-0"}));
}

void TestTasks::datesByExplicitChoice_data() {
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("iso");
    // weekdays from an almanac: the first moon landing, the fall of the wall, the first day of the century
    QTest::newRow("plain") << "3 May 1979"
                           << "1979-05-03";
    QTest::newRow("ordinal") << "may 3rd, 1979"
                             << "1979-05-03";
    QTest::newRow("weekday") << "Thursday, 3 May 1979"
                             << "1979-05-03";
    QTest::newRow("moon") << "Sunday, July 20, 1969"
                          << "1969-07-20";
    QTest::newRow("wall") << "THURSDAY, 9 NOVEMBER 1989"
                          << "1989-11-09";
    QTest::newRow("century") << "Mon 1 January 2001"
                             << "2001-01-01";
    QTest::newRow("leap") << "29.2.2000"
                          << "2000-02-29";
    QTest::newRow("eleventh") << "the 11th of March 1911"
                              << "1911-03-11";
    QTest::newRow("second") << "2nd of June 1946"
                            << "1946-06-02";
    QTest::newRow("slashes") << "1914/08/01"
                             << "1914-08-01";
    QTest::newRow("twenty-third") << "23rd April 1964"
                                  << "1964-04-23";
}

void TestTasks::datesByExplicitChoice() {
    QFETCH(QString, written);
    QFETCH(QString, iso);
    QVERIFY(dates::formCount() >= 15);
    const dates::Day day{iso.mid(0, 4).toInt(), iso.mid(5, 2).toInt(), iso.mid(8, 2).toInt()};
    int found = 0;
    for (int form = 0; form < dates::formCount(); ++form)
        for (dates::Case letters : {dates::Case::Usual, dates::Case::Lower, dates::Case::Upper}) {
            const Example example = dates::write(day, form, letters);
            QCOMPARE(run(example.target), iso.toStdString());
            found += run(example.source) == written.toStdString();
        }
    QVERIFY(found > 0);
}

void TestTasks::datesLinkEqualDigits() {
    const auto task = makeTask("dates");
    Random random(5);
    std::map<std::string, std::string> meaning;
    for (int i = 0; i < 20000; ++i) {
        const Example example = task->generate(random);
        const auto [entry, fresh] = meaning.emplace(run(example.source), run(example.target));
        QVERIFY(fresh || entry->second == run(example.target));
        std::vector<int> sure(example.target.size(), 0);
        for (const GoldLink& link : example.links) {
            const std::string& from = example.source[static_cast<std::size_t>(link.source)];
            const std::string& to = example.target[static_cast<std::size_t>(link.target)];
            if (link.sure && std::isdigit(static_cast<unsigned char>(from[0]))) QCOMPARE(from, to);
            sure[static_cast<std::size_t>(link.target)] += link.sure;
        }
        for (std::size_t at : {0, 1, 2, 3, 6, 9}) QVERIFY(sure[at] > 0);
    }
}

void TestTasks::namedSentences_data() {
    QTest::addColumn<QString>("english");
    QTest::addColumn<QString>("french");
    QTest::newRow("cat") << "the small black cat sees the old man"
                         << "le petit chat noir voit le vieil homme";
    QTest::newRow("agreement") << "the agreement on the European Economic Area was signed in August 1992"
                               << "l' accord sur la zone économique européenne a été signé en août 1992";
}

void TestTasks::namedSentences() {
    QFETCH(QString, english);
    QFETCH(QString, french);
    bool found = false;
    for (const Sentence& tree : showcaseTrees()) {
        const Example example = realise(tree);
        if (joined(example.source) != english.toStdString()) continue;
        found = true;
        QCOMPARE(joined(example.target), french.toStdString());
    }
    QVERIFY(found);
}

void TestTasks::frenchGrammar_data() {
    QTest::addColumn<QString>("english");
    QTest::addColumn<QString>("french");
    QTest::addColumn<QString>("expectedEnglish");
    QTest::addColumn<QString>("expectedFrench");
    const auto row = [](const char* name, const Clause& clause, const char* english, const char* french) {
        const Example example = said(clause);
        QTest::newRow(name) << QString::fromStdString(joined(example.source))
                            << QString::fromStdString(joined(example.target)) << english << french;
    };
    const auto love = [](NounPhrase object) {
        return act(pronoun(Pronoun::She), "love", Tense::Present, {std::move(object)});
    };
    using enum Determiner;
    row("h muet and elision", love(np("hotel")), "she loves the hotel", "elle aime l' hôtel");
    row("h aspiré", love(np("hero")), "she loves the hero", "elle aime le héros");
    row("beau before a vowel", love(np("bird", false, {"beautiful"})), "she loves the beautiful bird",
        "elle aime le bel oiseau");
    row("nouvel, adjective kept apart", love(np("hotel", false, {"new", "modern"}, Indefinite)),
        "she loves a new modern hotel", "elle aime un nouvel hôtel moderne");
    row("cet", love(np("child", false, {}, This)), "she loves this child", "elle aime cet enfant");
    row("mon before a feminine vowel", love(np("story", false, {}, My)), "she loves my story",
        "elle aime mon histoire");
    row("ma again before a consonant", love(np("story", false, {"long"}, My)), "she loves my long story",
        "elle aime ma longue histoire");
    row("de before a preposed adjective", love(np("cat", true, {"small"}, Indefinite)),
        "she loves some small cats", "elle aime de petits chats");
    row("des otherwise", love(np("cat", true, {"black"}, Indefinite)), "she loves some black cats",
        "elle aime des chats noirs");
    row("des before a preposed h", love(np("hotel", true, {"old"}, Indefinite)), "she loves some old hotels",
        "elle aime de vieux hôtels");
    row("partitive before a vowel",
        act(pronoun(Pronoun::I), "drink", Tense::Present, {np("water", false, {}, Indefinite)}),
        "I drink some water", "je bois de l' eau");
    row("irregular plural", love(np("horse", true, {"beautiful"}, Many)), "she loves many beautiful horses",
        "elle aime beaucoup de beaux chevaux");
    row("three adjectives", love(np("car", false, {"small", "black", "Italian"})),
        "she loves the small black Italian car", "elle aime la petite voiture italienne noire");
    row("compound turned round", love(np("trade agreement", true, {"new"})),
        "she loves the new trade agreements", "elle aime les nouveaux accords commerciaux");
    row("compound with a complement", love(np("data protection law", true, {"important"})),
        "she loves the important data protection laws",
        "elle aime les lois importantes sur la protection des données");
    row("negation", negated(act(np("cow"), "sleep", Tense::Present)), "the cow does not sleep",
        "la vache ne dort pas");
    row("negation round the auxiliary", negated(act(np("cow"), "see", Tense::Past, {np("wolf")})),
        "the cow did not see the wolf", "la vache n' a pas vu le loup");
    row("clitic and agreement",
        negated(act(pronoun(Pronoun::I), "see", Tense::Perfect, {pronoun(Pronoun::She)})),
        "I have not seen her", "je ne l' ai pas vue");
    row("clitics", act(pronoun(Pronoun::You), "love", Tense::Future, {pronoun(Pronoun::I)}),
        "you will love me", "vous m' aimerez");
    row("être agrees", act(np("queen", true), "leave", Tense::Past), "the queens left",
        "les reines sont parties");
    row("reflexive", negated(act(np("car"), "stop", Tense::Past)), "the car did not stop",
        "la voiture ne s' est pas arrêtée");
    row("contraction à", act(np("boy"), "talk", Tense::Past, {np("farmer", true)}),
        "the boy talked to the farmers", "le garçon a parlé aux fermiers");
    row("no contraction before a vowel", act(np("boy"), "answer", Tense::Past, {np("child")}),
        "the boy answered the child", "le garçon a répondu à l' enfant");

    Clause relative = act(np("girl"), "open", Tense::Past);
    relative.gap = Clause::Gap::Object;
    NounPhrase doors = np("door", true);
    doors.relative.push_back(relative);
    Clause green = act(doors, "see", Tense::Present);
    green.predicate = Predicate::Adjective;
    green.quality = &english_french::adjective("green");
    row("preceding object agrees", green, "the doors that the girl opened are green",
        "les portes que la fille a ouvertes sont vertes");

    Clause must = act(np("law"), "adopt", Tense::Present);
    must.predicate = Predicate::Passive;
    must.modal = Modal::Must;
    must.negated = true;
    must.agent.push_back(np("European Parliament"));
    row("modal passive", must, "the law must not be adopted by the European Parliament",
        "la loi ne doit pas être adoptée par le Parlement européen");

    Clause cannot = act(pronoun(Pronoun::We), "help", Tense::Present, {pronoun(Pronoun::They)});
    cannot.modal = Modal::Can;
    cannot.negated = true;
    row("clitic before the infinitive", cannot, "we cannot help them", "nous ne pouvons pas les aider");

    Clause never = act(np("king"), "write", Tense::Perfect, {np("letter", true)});
    never.adverb = &verbAdverb("never");
    row("never", never, "the king has never written the letters", "le roi n' a jamais écrit les lettres");

    Clause live = act(pronoun(Pronoun::He), "live", Tense::Present);
    for (const char* place : {"Paris", "Italy", "Canada"}) {
        Adverbial in;
        NounPhrase named;
        named.name = &english_french::name(place);
        in.phrase.push_back(named);
        live.adverbials.push_back(in);
    }
    row("places", live, "he lives in Paris in Italy in Canada", "il habite à Paris en Italie au Canada");

    Clause old = act(pronoun(Pronoun::She), "see", Tense::Past);
    old.predicate = Predicate::Comparison;
    old.quality = &english_french::adjective("honest");
    old.standard.push_back(np("ambassador", false, {}, Indefinite));
    row("comparison", old, "she was more honest than an ambassador",
        "elle était plus honnête qu' un ambassadeur");

    NounPhrase couple = np("queen");
    couple.conjunction = "and";
    couple.conjunct.push_back(np("king"));
    row("one man makes it masculine", act(couple, "go", Tense::Past), "the queen and the king went",
        "la reine et le roi sont allés");
}

void TestTasks::frenchGrammar() {
    QFETCH(QString, english);
    QFETCH(QString, french);
    QFETCH(QString, expectedEnglish);
    QFETCH(QString, expectedFrench);
    QCOMPARE(english, expectedEnglish);
    QCOMPARE(french, expectedFrench);
}

void TestTasks::conjugation_data() {
    QTest::addColumn<QString>("infinitive");
    QTest::addColumn<QString>("forms"); ///< present of je il nous vous ils, future of il, participle
    const auto row = [](const char* infinitive, const char* forms) {
        QTest::newRow(infinitive) << infinitive << forms;
    };
    row("aimer", "aime aime aimons aimez aiment aimera aimé");
    row("manger", "mange mange mangeons mangez mangent mangera mangé");
    row("annoncer", "annonce annonce annonçons annoncez annoncent annoncera annoncé");
    row("acheter", "achète achète achetons achetez achètent achètera acheté");
    row("rejeter", "rejette rejette rejetons rejetez rejettent rejettera rejeté");
    row("protéger", "protège protège protégeons protégez protègent protégera protégé");
    row("nettoyer", "nettoie nettoie nettoyons nettoyez nettoient nettoiera nettoyé");
    row("envoyer", "envoie envoie envoyons envoyez envoient enverra envoyé");
    row("préparer", "prépare prépare préparons préparez préparent préparera préparé");
    row("choisir", "choisis choisit choisissons choisissez choisissent choisira choisi");
    row("vendre", "vends vend vendons vendez vendent vendra vendu");
    row("aller", "vais va allons allez vont ira allé");
    row("voir", "vois voit voyons voyez voient verra vu");
    row("venir", "viens vient venons venez viennent viendra venu");
    row("écrire", "écris écrit écrivons écrivez écrivent écrira écrit");
    row("être", "suis est sommes êtes sont sera été");
    row("avoir", "ai a avons avez ont aura eu");
}

void TestTasks::conjugation() {
    QFETCH(QString, infinitive);
    QFETCH(QString, forms);
    const FrenchVerb verb = conjugate(infinitive.toStdString());
    std::vector<std::string> made(verb.present.begin(), verb.present.end());
    made.push_back(verb.future[static_cast<std::size_t>(Person5::He)]);
    made.push_back(verb.participle);
    QCOMPARE(QString::fromStdString(joined(made)), forms);
}

void TestTasks::structureAloneDecides() {
    std::map<std::string, std::string> meaning;
    Random random(23);
    int met = 0;
    for (int i = 0; i < 12000; ++i) {
        Sentence tree = sampleSentence(random);
        collapse(tree.clause);
        for (Clause& other : tree.other) collapse(other);
        tree.opening.clear();
        tree.fullStop = false;
        const Example example = realise(tree);
        const auto [entry, fresh] = meaning.emplace(joined(example.source), joined(example.target));
        met += !fresh;
        QVERIFY2(fresh || entry->second == joined(example.target),
                 (entry->first + " | " + entry->second + " | " + joined(example.target)).c_str());
    }
    QVERIFY(met > 2000);
}

/// Every pair of small clauses, joined in every way: none reads as another with other French.
void TestTasks::joinedClausesStayApart() {
    std::vector<NounPhrase> phrases = {pronoun(Pronoun::She), np("man"), np("woman")};
    for (const auto& [one, other] : {std::pair{"man", "woman"}, std::pair{"woman", "man"}}) {
        NounPhrase couple = np(one);
        couple.conjunction = "and";
        couple.conjunct.push_back(np(other));
        phrases.push_back(couple);
    }
    NounPhrase related = np("woman");
    related.relative.push_back(act(np("woman"), "leave", Tense::Past));
    related.relative[0].gap = Clause::Gap::Subject;
    phrases.push_back(related);

    std::vector<Clause> clauses;
    for (const NounPhrase& subject : phrases) {
        clauses.push_back(act(subject, "leave", Tense::Past));
        for (std::size_t object = 1; object < phrases.size(); ++object) {
            clauses.push_back(act(subject, "find", Tense::Past, {phrases[object]}));
            if (!phrases[object].relative.empty()) continue;
            Clause twice = clauses.back();
            twice.second.push_back(act(subject, "leave", Tense::Past));
            clauses.push_back(twice);
        }
    }
    const std::size_t plain = clauses.size();
    for (std::size_t i = 0; i < plain; ++i) {
        Clause saying = act(np("man"), "say", Tense::Past);
        if (clauses[i].second.empty()) saying.content.push_back(clauses[i]);
        if (!saying.content.empty()) clauses.push_back(saying);
    }

    std::map<std::string, std::string> meaning;
    for (const Clause& first : clauses)
        for (const Clause& second : clauses)
            for (const char* joint : {"and", "because"}) {
                Sentence tree;
                tree.clause = first;
                tree.joint = joint;
                tree.other.push_back(second);
                const Example example = realise(tree);
                const auto [entry, fresh] = meaning.emplace(joined(example.source), joined(example.target));
                QVERIFY2(fresh || entry->second == joined(example.target),
                         (entry->first + " | " + entry->second + " | " + joined(example.target)).c_str());
            }
}

void TestTasks::languageIsAFunctionAndAsLargeAsSaid() {
    const auto task = makeTask("en-fr");
    Random random(29);
    std::set<std::string> english, french;
    std::map<std::string, std::string> meaning;
    constexpr int count = 20000;
    double words = 0;
    int beyond25 = 0, stops = 0;
    for (int i = 0; i < count; ++i) {
        const Example example = task->generate(random);
        const auto [entry, fresh] = meaning.emplace(joined(example.source), joined(example.target));
        QVERIFY2(fresh || entry->second == joined(example.target), entry->first.c_str());
        english.insert(example.source.begin(), example.source.end());
        french.insert(example.target.begin(), example.target.end());
        const std::size_t length = example.source.size();
        QVERIFY(length >= 3 && length <= 40);
        words += static_cast<double>(length);
        beyond25 += length > 25;
        stops += example.source.back() == ".";
        QCOMPARE(example.source.back() == ".", example.target.back() == ".");
    }
    QVERIFY(english.size() >= 600);
    QVERIFY(french.size() >= 800);
    QVERIFY(words / count > 11 && words / count < 12.5);
    QVERIFY(beyond25 > count / 100 && beyond25 < count / 20);
    QVERIFY(stops > count * 0.48 && stops < count * 0.52);
    const std::vector<std::string> all = task->targetTokens();
    for (const std::string& token : all)
        QCOMPARE(QString::fromStdString(token).normalized(QString::NormalizationForm_C),
                 QString::fromStdString(token));
}

void TestTasks::goldLinks() {
    const auto task = makeTask("en-fr");
    Random random(31);
    for (int i = 0; i < 5000; ++i) {
        const Example example = task->generate(random);
        std::vector<int> links(example.target.size(), 0);
        for (const GoldLink& link : example.links) ++links[static_cast<std::size_t>(link.target)];
        for (int n : links) QVERIFY2(n > 0, joined(example.source).c_str());
        for (std::size_t s = 0; s < example.source.size(); ++s) {
            std::multiset<std::string> sure;
            for (const GoldLink& link : example.links)
                if (link.sure && link.source == static_cast<int>(s))
                    sure.insert(example.target[static_cast<std::size_t>(link.target)]);
            const std::string& word = example.source[s];
            if (word == "not")
                QVERIFY((sure == std::multiset<std::string>{"ne", "pas"}) ||
                        (sure == std::multiset<std::string>{"n'", "pas"}));
            if (word == "," || word == "." || (word[0] >= '0' && word[0] <= '9'))
                QCOMPARE(sure, std::multiset<std::string>{word});
        }
    }

    Clause clause = act(np("book"), "see", Tense::Present);
    clause.subject.link = &preposition("of");
    clause.subject.complement.push_back(np("king"));
    clause.predicate = Predicate::Adjective;
    clause.quality = &english_french::adjective("sad");
    const Example example = said(clause);
    QCOMPARE(joined(example.source), std::string("the book of the king is sad"));
    QCOMPARE(joined(example.target), std::string("le livre du roi est triste"));
    const std::vector<GoldLink> expected = {{0, 0}, {1, 1}, {2, 2}, {3, 2}, {4, 3}, {5, 4}, {6, 5}};
    QCOMPARE(example.links, expected);

    const Example area = realise(showcaseTrees()[1]);
    for (const GoldLink& turned : {GoldLink{4, 6, true}, {5, 5, true}, {6, 4, true}, {3, 3, true}})
        QVERIFY(std::find(area.links.begin(), area.links.end(), turned) != area.links.end());
}

void TestTasks::showcaseIsVaried() {
    const auto task = makeTask("en-fr");
    std::set<std::size_t> lengths;
    for (const std::string& sentence : task->showcase())
        lengths.insert(tokeniseTexts(TokeniserKind::Words, sentence).size());
    QVERIFY(lengths.count(3));
    QVERIFY(*lengths.rbegin() >= 35 && *lengths.rbegin() <= 40);
    QVERIFY(task->showcase().size() >= 8);
}

void TestTasks::alignmentErrorByHand() {
    // S = {00, 11}, P adds {12, 23}; A = {00, 12, 30}: |A n S| = 1, |A n P| = 2, |A| = 3, |S| = 2
    const std::vector<GoldLink> gold = {{0, 0, true}, {1, 1, true}, {1, 2, false}, {2, 3, false}};
    AlignmentError error;
    error.add(gold, {{0, 0}, {1, 2}, {3, 0}, {0, 0}});
    QCOMPARE(error.precision(), 2.0 / 3);
    QCOMPARE(error.recall(), 1.0 / 2);
    QCOMPARE(error.rate(), 1 - 3.0 / 5);
    // a second sentence, aligned without fault: |A| = 5, |S| = 4, |A n S| = 3, |A n P| = 4
    error.add({{0, 0, true}, {1, 1, true}}, {{0, 0}, {1, 1}});
    QCOMPARE(error.precision(), 4.0 / 5);
    QCOMPARE(error.recall(), 3.0 / 4);
    QCOMPARE(error.rate(), 1 - 7.0 / 9);

    AlignmentError perfect;
    perfect.add(gold, {{0, 0}, {1, 1}, {1, 2}});
    QCOMPARE(perfect.rate(), 0.0);
    AlignmentError twice;
    twice.add({{0, 0, false}, {0, 0, true}}, {{0, 0}});
    QCOMPARE(twice, (AlignmentError{1, 1, 1, 1}));
    QCOMPARE(AlignmentError{}.rate(), 0.0);
}

QTEST_GUILESS_MAIN(TestTasks)
#include "test_tasks.moc"

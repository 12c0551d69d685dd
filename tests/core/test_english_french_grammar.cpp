// SPDX-License-Identifier: GPL-3.0-or-later
// One sentence to a rule of grammar, with its French, and the forms of verbs, written by hand.
#include <doctest/doctest.h>

#include "core/tasks/english_french/showcase.h"
#include "tests/core/english_french_fixture.h"

using namespace attn;
using namespace attn::english_french;

namespace {

struct NamedSentencesRow {
    std::string row;
    std::string english;
    std::string french;
};

std::vector<NamedSentencesRow> namedSentencesRows() {
    std::vector<NamedSentencesRow> rows;
    rows.push_back({"cat", "the small black cat sees the old man", "le petit chat noir voit le vieil homme"});
    rows.push_back({"agreement", "the agreement on the European Economic Area was signed in August 1992",
                    "l' accord sur la zone économique européenne a été signé en août 1992"});
    return rows;
}

} // namespace

TEST_CASE("named sentences") {
    for (const NamedSentencesRow& row : namedSentencesRows()) {
        CAPTURE(row.row);
        const std::string& english = row.english;
        const std::string& french = row.french;
        bool found = false;
        for (const Sentence& tree : showcaseTrees()) {
            const Example example = realise(tree);
            if (joined(example.source) != english) continue;
            found = true;
            REQUIRE(joined(example.target) == french);
        }
        REQUIRE(found);
    }
}

namespace {

struct FrenchGrammarRow {
    std::string row;
    std::string english;
    std::string french;
    std::string expectedEnglish;
    std::string expectedFrench;
};

std::vector<FrenchGrammarRow> frenchGrammarRows() {
    std::vector<FrenchGrammarRow> rows;
    const auto row = [&](const char* name, const Clause& clause, const char* english, const char* french) {
        const Example example = said(clause);
        rows.push_back({name, joined(example.source), joined(example.target), english, french});
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
    return rows;
}

} // namespace

TEST_CASE("french grammar") {
    for (const FrenchGrammarRow& row : frenchGrammarRows()) {
        CAPTURE(row.row);
        const std::string& english = row.english;
        const std::string& french = row.french;
        const std::string& expectedEnglish = row.expectedEnglish;
        const std::string& expectedFrench = row.expectedFrench;
        REQUIRE(english == expectedEnglish);
        REQUIRE(french == expectedFrench);
    }
}

namespace {

struct ConjugationRow {
    std::string row;
    std::string infinitive;
    std::string forms; ///< present of je il nous vous ils, future of il, participle
};

std::vector<ConjugationRow> conjugationRows() {
    std::vector<ConjugationRow> rows;
    const auto row = [&](const char* infinitive, const char* forms) {
        rows.push_back({infinitive, infinitive, forms});
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
    return rows;
}

} // namespace

TEST_CASE("conjugation") {
    for (const ConjugationRow& row : conjugationRows()) {
        CAPTURE(row.row);
        const std::string& infinitive = row.infinitive;
        const std::string& forms = row.forms;
        const FrenchVerb verb = conjugate(infinitive);
        std::vector<std::string> made(verb.present.begin(), verb.present.end());
        made.push_back(verb.future[static_cast<std::size_t>(Person5::He)]);
        made.push_back(verb.participle);
        REQUIRE(joined(made) == forms);
    }
}

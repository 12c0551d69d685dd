// SPDX-License-Identifier: GPL-3.0-or-later
// Imported checkpoints compute what their toolkits compute: words, log-probabilities, attention, states; and
// the native file that they are saved as computes the same bit for bit. Ends in a table.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include "core/io/import/import.h"
#include "core/io/model_file.h"
#include "core/run/run.h"
#include "tests/core/file_fixture.h"
#include "tests/core/toolkit_reference.h"

using namespace attn;
namespace fs = std::filesystem;

namespace {

/// The largest difference allowed in a log-probability, a weight and a state.
struct Bounds {
    double logProb = 2e-4, attention = 2e-4, state = 2e-4;
};

/// One file to open: its folder holds the reference.
struct Checkpoint {
    fs::path file;
    ImportOptions options;
    Bounds bounds;
    bool forcedAlone = false; ///< rounded weights: greedy words may differ
};

/// What was compared, and the worst of it.
struct Figures {
    std::string container;
    std::size_t sentences = 0, steps = 0;
    double logProb = 0, attention = 0, state = 0;
    bool states = false;
};

bool starts(const std::string& text, const std::string& with) {
    return text.rfind(with, 0) == 0;
}

/// Weights in 16 bits move the results, and the reference is of those in 32: by how much is the measure of
/// the rounding itself, with half as much again.
void allowRounding(Checkpoint& checkpoint, const std::string& name) {
    const bool half = name.find(".half.") != std::string::npos;
    if (!half && name.find(".bf16.") == std::string::npos) return;
    checkpoint.forcedAlone = true;
    checkpoint.bounds = half ? Bounds{0.015, 0.0015, 0.015} : Bounds{0.075, 0.009, 0.075};
}

/// Every checkpoint of a folder. Of two that belong together the encoder is opened, and the decoder named
/// where its name is not the plain one; a decoder of its own kind is opened with the plain encoder.
std::vector<Checkpoint> checkpointsOf(const fs::path& folder, bool rounded) {
    static const std::set<std::string> endings{".pt", ".ckpt", ".tar", ".npz", ".safetensors"};
    std::vector<Checkpoint> found;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (!endings.contains(entry.path().extension().string()) || name == "reference.npz") continue;
        Checkpoint checkpoint{entry.path(), {}, {}};
        if (starts(name, "encoder.") && name != "encoder.pt")
            checkpoint.options.partner = (folder / ("decoder" + name.substr(7))).string();
        if (starts(name, "decoder.")) {
            if (fs::exists(folder / ("encoder" + name.substr(7)))) continue;
            checkpoint.options.partner = (folder / "encoder.pt").string();
        }
        if (rounded) allowRounding(checkpoint, name);
        found.push_back(checkpoint);
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
    return found;
}

/// The states of the layers after a step: of the cells that follow each other in a layer, the last one's.
std::vector<const CellTrace*> layersOf(const std::vector<CellTrace>& cells) {
    std::map<int, const CellTrace*> last;
    for (const CellTrace& cell : cells) last[cell.place.layer] = &cell;
    std::vector<const CellTrace*> layers;
    for (const auto& [layer, cell] : last) layers.push_back(cell);
    return layers;
}

/// Holds traces against a reference, and remembers the worst difference of each kind.
class Comparison {
public:
    Comparison(Figures& figures, const Bounds& bounds) : m_figures(figures), m_bounds(bounds) {}

    const std::vector<std::string>& faults() const { return m_faults; }
    void setPlace(std::string place) { m_place = std::move(place); }

    void source(const Trace& trace, const toolkit::Sentence& sentence) {
        const std::vector<Position>& source = trace.axes[0].positions;
        for (std::size_t i = 0; i < source.size(); ++i) {
            const bool word = i < sentence.sourceTokens.size();
            const Position& token = source[i];
            if (word ? token.text != sentence.sourceTokens[i] : token.id != -1)
                fault("source token " + std::to_string(i) + " is \"" + token.text + "\"");
            if (i < sentence.sourceIds.size() && token.id != sentence.sourceIds[i])
                fault("source id " + std::to_string(i) + " is " + std::to_string(token.id) + ", expected " +
                      std::to_string(sentence.sourceIds[i]));
        }
        if (source.size() < sentence.sourceTokens.size()) fault("the source is too short");
        states(trace.initialState, sentence.initialHidden, sentence.initialCell, "before the first step");
    }

    /// `target`: outputs from here on are copied words, known by their text.
    void run(const Trace& trace, const toolkit::Run& expected, int target) {
        const std::vector<int> path = trace.bestPath();
        m_figures.steps += path.size();
        if (path.size() != expected.logProbs.size())
            fault(std::to_string(path.size()) + " steps, expected " +
                  std::to_string(expected.logProbs.size()));
        for (std::size_t t = 0; t < std::min(path.size(), expected.logProbs.size()); ++t) {
            const StepTrace& step = trace.steps[static_cast<std::size_t>(path[t])];
            const Pass& pass = trace.passOf(path[t]);
            const std::string at = "step " + std::to_string(t);
            if (t < expected.tokens.size()) {
                const bool copied = t < expected.ids.size() && target > 0 && expected.ids[t] >= target;
                const bool sameId = copied || expected.ids.empty() || step.wordId == expected.ids[t];
                if (step.wordText != expected.tokens[t] && !(step.forced && sameId && !copied))
                    fault(at + " has \"" + step.wordText + "\", expected \"" + expected.tokens[t] + "\"");
                else if (!sameId || (copied && step.wordId < target))
                    fault(at + " has id " + std::to_string(step.wordId));
            }
            number(m_figures.logProb, m_bounds.logProb, static_cast<double>(step.logProb),
                   expected.logProbs[t], at + ", log-probability");
            const int cross = trace.siteOf(SiteKind::Cross), copy = trace.siteOf(SiteKind::Copy);
            if (cross < 0)
                fault(at + " has no attention");
            else
                row(pass.row(cross)->heads.front().weights, expected.attention.at(t), at + ", attention");
            if (!expected.copyAttention.empty())
                row(copy < 0 ? std::vector<float>() : pass.row(copy)->heads.front().weights,
                    expected.copyAttention.at(t), at + ", copy attention");
            const std::vector<float>& gate = pass.vector(StepVector::CopyGate);
            if (!expected.copyGate.empty())
                number(m_figures.attention, m_bounds.attention,
                       gate.empty() ? -1.0 : static_cast<double>(gate.front()), expected.copyGate.at(t),
                       at + ", copy gate");
            if (!expected.hidden.empty())
                states(pass.states, expected.hidden.at(t),
                       expected.cell.empty() ? toolkit::Rows() : expected.cell.at(t), at);
        }
    }

private:
    void fault(const std::string& text) {
        if (m_faults.size() < 8) m_faults.push_back(m_place + ": " + text);
    }

    void number(double& worst, double bound, double found, double expected, const std::string& what) {
        const double difference = std::abs(found - expected);
        if (!(difference <= worst)) worst = difference;
        if (!(difference <= bound))
            fault(what + " is " + std::to_string(found) + ", expected " + std::to_string(expected));
    }

    void row(const std::vector<float>& found, const std::vector<double>& expected, const std::string& what) {
        if (found.size() != expected.size())
            return fault(what + " has " + std::to_string(found.size()) + " entries, expected " +
                         std::to_string(expected.size()));
        for (std::size_t j = 0; j < found.size(); ++j)
            number(m_figures.attention, m_bounds.attention, static_cast<double>(found[j]), expected[j],
                   what + " of position " + std::to_string(j));
    }

    void states(const std::vector<CellTrace>& cells, const toolkit::Rows& hidden, const toolkit::Rows& cell,
                const std::string& at) {
        if (hidden.empty()) return;
        m_figures.states = true;
        const std::vector<const CellTrace*> layers = layersOf(cells);
        if (layers.size() != hidden.size())
            return fault(at + " has " + std::to_string(layers.size()) + " layers");
        for (std::size_t k = 0; k < layers.size(); ++k)
            for (const auto& [kind, rows] :
                 {std::pair{StatePart::Hidden, &hidden}, std::pair{StatePart::Cell, &cell}}) {
                if (rows->empty()) continue;
                const auto& parts = layers[k]->parts;
                const auto part = std::find_if(parts.begin(), parts.end(),
                                               [k = kind](const CellTrace::Part& p) { return p.part == k; });
                const std::string what =
                    at + ", layer " + std::to_string(k + 1) + " " + std::string(toText(kind));
                if (part == parts.end() || part->values.size() != rows->at(k).size()) {
                    fault(what + " is missing or of another width");
                    continue;
                }
                for (std::size_t i = 0; i < part->values.size(); ++i)
                    number(m_figures.state, m_bounds.state, static_cast<double>(part->values[i]),
                           rows->at(k)[i], what + " unit " + std::to_string(i));
            }
    }

    Figures& m_figures;
    Bounds m_bounds;
    std::string m_place;
    std::vector<std::string> m_faults;
};

Recipe recipe(const toolkit::Sentence& sentence, bool forced) {
    Recipe r;
    r.source = sentence.source;
    r.maxSteps = sentence.maxSteps;
    if (forced) r.search = SearchKind::Forced, r.target = sentence.reference;
    return r;
}

bool identical(const Trace& a, const Trace& b) {
    if (a.steps.size() != b.steps.size()) return false;
    for (std::size_t t = 0; t < a.steps.size(); ++t) {
        const StepTrace &x = a.steps[t], &y = b.steps[t];
        if (x.wordId != y.wordId || x.wordText != y.wordText || x.logProb != y.logProb) return false;
        const Pass &p = a.passOf(static_cast<int>(t)), &q = b.passOf(static_cast<int>(t));
        if (p.vector(StepVector::Features) != q.vector(StepVector::Features) ||
            p.rows.size() != q.rows.size())
            return false;
        for (std::size_t i = 0; i < p.rows.size(); ++i) {
            const Row &r = p.rows[i], &s = q.rows[i];
            if (r.context != s.context || r.heads.size() != s.heads.size()) return false;
            for (std::size_t h = 0; h < r.heads.size(); ++h)
                if (r.heads[h].weights != s.heads[h].weights) return false;
        }
    }
    return true;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : "\n    ") + line;
    return text;
}

} // namespace

/// Folders of shared checkpoints that are no recurrent encoder-decoders, by their names.
static bool isTransformer(const std::string& folder) {
    for (const char* part : {"transformer", "tf-", "ssru"})
        if (folder.find(part) != std::string::npos) return true;
    return false;
}

struct ImportReferenceFixture {
    ImportReferenceFixture() {
        const fs::path own = ATTENTOSCOPE_FIXTURES "/checkpoints",
                       shared = ATTENTOSCOPE_SOURCE "/../shared/fixtures";
        for (const fs::path& root : {own, shared})
            for (const char* toolkit : {"opennmt-py", "joeynmt", "fairseq", "marian", "pytorch-classics"}) {
                if (!fs::is_directory(root / toolkit)) continue;
                m_shared = m_shared || root == shared;
                for (const fs::directory_entry& entry : fs::directory_iterator(root / toolkit)) {
                    if (!entry.is_directory() || isTransformer(entry.path().filename().string())) continue;
                    for (const Checkpoint& checkpoint : checkpointsOf(entry.path(), root == shared))
                        m_checkpoints.emplace(
                            (root == shared ? "shared " : "") + fs::relative(checkpoint.file, root).string(),
                            checkpoint);
                }
            }
        REQUIRE_MESSAGE(m_checkpoints.size() >= 40, "the project's own checkpoints are not there");
    }
    void compare(const std::string& name);
    void printTable() const;
    std::map<std::string, Checkpoint> m_checkpoints; ///< by the name shown
    std::vector<std::pair<std::string, Figures>> m_table;
    bool m_shared = false;
};

TEST_CASE_FIXTURE(ImportReferenceFixture, "computes what its toolkit computes") {
    for (const auto& entry : m_checkpoints) {
        const std::string& name = entry.first;
        CAPTURE(name);
        try {
            compare(name);
        } catch (const std::exception& error) {
            FAIL_CHECK(error.what());
        }
    }
    printTable();
}

void ImportReferenceFixture::compare(const std::string& name) {
    const Checkpoint& checkpoint = m_checkpoints.at(name);
    const toolkit::Reference reference = toolkit::reference(checkpoint.file.parent_path());
    const ImportReport report = importModel(checkpoint.file.string(), checkpoint.options);
    if (!report.model) {
        FAIL_CHECK(toText(report));
        return;
    }

    Figures figures;
    figures.container = report.container.substr(0, report.container.find(','));
    Comparison comparison(figures, checkpoint.bounds);
    fixture::TemporaryFolder folder;
    const std::string native = folder.filePath("model.safetensors");
    saveModel(*report.model, native, StoredType::F32);
    const ModelPtr again = openModel(native);
    for (const toolkit::Sentence& sentence : reference.sentences) {
        ++figures.sentences;
        for (const bool forced : {false, true}) {
            if (checkpoint.forcedAlone && !forced) continue;
            comparison.setPlace("sentence " + std::to_string(sentence.index) +
                                (forced ? ", forced" : ", greedy"));
            const TracePtr trace = run(*report.model, recipe(sentence, forced));
            if (!forced || checkpoint.forcedAlone) comparison.source(*trace, sentence);
            comparison.run(*trace, forced ? sentence.forced : sentence.greedy, reference.targetVocabulary);
            REQUIRE_MESSAGE(
                identical(*trace, *run(*again, recipe(sentence, forced))),
                ("sentence " + std::to_string(sentence.index) + " differs after saving and opening"));
        }
    }
    m_table.emplace_back(name, figures);
    CHECK_MESSAGE(comparison.faults().empty(), joined(comparison.faults()));
}

void ImportReferenceFixture::printTable() const {
    std::size_t width = 10;
    for (const auto& [name, figures] : m_table) width = std::max(width, name.size());
    std::printf("| %-*s | %-21s | sentences | steps | log-prob | attention |   state |\n",
                static_cast<int>(width), "checkpoint", "container");
    for (const auto& [name, f] : m_table)
        std::printf("| %-*s | %-21s | %9zu | %5zu | %8.1e | %9.1e | %7s |\n", static_cast<int>(width),
                    name.c_str(), f.container.c_str(), f.sentences, f.steps, f.logProb, f.attention,
                    f.states ? fixture::formatted("%.1e", f.state).c_str() : "");
    if (!m_shared)
        std::printf("skipped: checkpoints of the toolkits themselves (../shared/fixtures is not there)\n");
    std::fflush(stdout);
}

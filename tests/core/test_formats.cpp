// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "core/base/error.h"
#include "core/io/content_hash.h"
#include "core/io/formats.h"

namespace fs = std::filesystem;
using namespace attn;

namespace {

const fs::path fixtures = ATTENTOSCOPE_FIXTURES;

/// A folder that goes away with its files.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("attn_formats_" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    std::string write(const std::string& name, const std::string& bytes) const {
        std::ofstream(path / name, std::ios::binary) << bytes;
        return (path / name).string();
    }
    /// The same bytes under a name that says nothing.
    std::string disguised(const fs::path& file) const {
        const fs::path to = path / "file";
        fs::copy_file(file, to, fs::copy_options::overwrite_existing);
        return to.string();
    }
};

std::string told(const std::string& path) {
    const FileFormat* format = recognise(path);
    return format ? std::string(toText(format->kind)) + ": " + format->name : "nothing";
}

} // namespace

TEST_CASE("models and checkpoints are recognised by content, whatever their name") {
    const Folder folder;
    for (const auto& entry : fs::directory_iterator(fixtures / "models"))
        if (entry.path().extension() == ".safetensors")
            CHECK_MESSAGE(told(folder.disguised(entry.path())) == "model: Attentoscope",
                          entry.path().string());
    const struct {
        const char* folder;
        const char* file;
        const char* name;
    } toolkits[] = {
        {"opennmt-py", "model.pt", "OpenNMT-py"},
        {"joeynmt", "60.ckpt", "Joey NMT"},
        {"fairseq", "checkpoint_best.pt", "fairseq"},
        {"marian", "model.npz", "Marian"},
    };
    for (const auto& toolkit : toolkits) {
        int seen = 0;
        for (const auto& entry : fs::directory_iterator(fixtures / "checkpoints" / toolkit.folder)) {
            const fs::path file = entry.path() / toolkit.file;
            if (!fs::exists(file)) continue;
            ++seen;
            CHECK_MESSAGE(told(folder.disguised(file)) == std::string("checkpoint: ") + toolkit.name,
                          file.string());
        }
        CHECK_MESSAGE(seen > 0, toolkit.folder);
    }
}

TEST_CASE("what other programs wrote is recognised by content") {
    const Folder folder;
    CHECK(told(folder.write("a", "0-0 1-1\n0-1 1p0\n")) == "attention: pharaoh");
    CHECK(told(folder.write("b", "le chat ||| 0.75,0.25 0.25,0.75\n")) == "attention: marian");
    CHECK(told(folder.write("c", "1 1 1 S\n1 2 2 P\n")) == "attention: talp");
    CHECK(told(folder.write("d", "[{\"text\": [\"a\"], \"attention\": [1.0]}]")) == "attention: neat-vision");
    CHECK(told(folder.write("e", "the 12\ncat 3\n")) == "vocabulary: vocabulary");
    CHECK(told(folder.write("f", "<unk>\n<pad>\nthe\ncat\n")) == "vocabulary: vocabulary");
    CHECK(told(folder.write("g", "#version: 0.2\nt h\nth e</w>\n")) == "subword model: subword-nmt");
    // Prose, and a name that promises what the content does not keep.
    CHECK(told(folder.write("h.safetensors", "shopping list\n")) == "nothing");
    CHECK(told(folder.write("i.align", "This is a text.\nIt has two lines.\n")) == "nothing");
    CHECK(told(folder.write("empty", "")) == "nothing");
}

TEST_CASE("a file is opened as what it is") {
    const Folder folder;
    const OpenedFile model = openFile((fixtures / "models/torch_gru_additive.safetensors").string());
    CHECK(model.model);
    CHECK(!model.report);
    DumpOptions fromZero;
    fromZero.base = 0;
    const OpenedFile dump = openFile(folder.write("a", "0-0 1-1\n"), {{}, fromZero});
    REQUIRE(dump.dump);
    CHECK(dump.dump->sentences.size() == 1);
    const OpenedFile checkpoint =
        openFile((fixtures / "checkpoints/opennmt-py/brnn-lstm2-general/model.pt").string());
    REQUIRE(checkpoint.report);
    CHECK(checkpoint.report->toolkit == "OpenNMT-py");
    CHECK(checkpoint.report->model);
}

TEST_CASE("what is not opened by itself is refused by name") {
    const Folder folder;
    const auto message = [](const std::string& path) {
        try {
            openFile(path);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(message(folder.write("dict.txt", "the 12\ncat 3\n")).find("is a vocabulary") != std::string::npos);
    CHECK(message(folder.write("notes.txt", "shopping list")).find("notes.txt") != std::string::npos);
    CHECK(message((folder.path / "absent").string()).find("absent") != std::string::npos);
    // A pipe is refused at once: nobody may ever write to it.
    const std::string pipe = (folder.path / "pipe").string();
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK(message(pipe).find("not a regular file") != std::string::npos);
    CHECK(message(folder.path.string()).find("is a folder") != std::string::npos);
}

TEST_CASE("the table gives every dump format and sound patterns") {
    for (const auto& [format, name] : EnumNames<DumpFormat>::names) {
        int entries = 0;
        for (const FileFormat& entry : fileFormats())
            entries += entry.kind == FileKind::Attention && entry.name == name;
        CHECK_MESSAGE(entries == 1, std::string(name));
    }
    for (const FileFormat& format : fileFormats()) {
        CHECK(!format.name.empty());
        for (const std::string& pattern : format.patterns) CHECK(pattern.starts_with("*."));
    }
    const std::vector<std::string> patterns = filePatterns({FileKind::Model, FileKind::Checkpoint});
    CHECK(std::set<std::string>(patterns.begin(), patterns.end()).size() == patterns.size());
    for (const char* usual : {"*.safetensors", "*.pt", "*.ckpt", "*.npz", "*.h5", "*.keras"})
        CHECK(std::count(patterns.begin(), patterns.end(), usual) == 1);
}

TEST_CASE("a content hash follows the bytes, not the name") {
    const Folder folder;
    const std::string bytes(3'000'001, 'x');
    const std::uint64_t hash = contentHash(folder.write("a", bytes));
    CHECK(contentHash(folder.write("b", bytes)) == hash);
    std::string other = bytes;
    for (const std::size_t at : {std::size_t(0), std::size_t(1) << 20, bytes.size() - 1}) {
        other[at] = 'y';
        CHECK(contentHash(folder.write("c", other)) != hash);
        other[at] = 'x';
    }
    CHECK(contentHash(folder.write("d", bytes + '\0')) != hash); // not mistaken for the filling
    CHECK(contentHash(folder.write("e", "")) != contentHash(folder.write("f", std::string(8, '\0'))));
}

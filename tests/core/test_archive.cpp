// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <string>

#include "core/io/container/tensor_names.h"
#include "tests/core/container_fixture.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using namespace made;

namespace {

const std::string six = rawAll<float>({0, 1, 2, 3, 4, 5});

std::string sixIn(const std::string& key) {
    return storage("FloatStorage", key, 6);
}
/// The six numbers as 2 x 3.
std::string matrix(const std::string& key = "0") {
    return tensor(sixIn(key), 0, {2, 3}, {3, 1});
}

std::vector<std::string> namesOf(const Archive& archive) {
    std::vector<std::string> names;
    for (const ArrayInfo& info : archive.arrays()) names.push_back(info.name);
    return names;
}

using Names = std::vector<std::string>;
using Floats = std::vector<float>;

} // namespace

TEST_CASE("torch zip is read") {
    for (const bool deflate : {false, true}) {
        const auto archive = opened(torchZip(dict({{"w", matrix()},
                                                   {"same", tensor(sixIn("0"), 0, {6}, {1})},
                                                   {"transposed", tensor(sixIn("0"), 0, {3, 2}, {1, 3})},
                                                   {"row", tensor(sixIn("0"), 3, {3}, {1})},
                                                   {"steps", tensor(sixIn("0"), 1, {2, 2}, {2, 2})},
                                                   {"expanded", tensor(sixIn("0"), 4, {2, 2}, {0, 1})},
                                                   {"scalar", tensor(sixIn("0"), 5, {}, {})},
                                                   {"none", tensor(sixIn("0"), 0, {0, 5}, {5, 1})},
                                                   {"permuted", tensor(sixIn("0"), 0, {3, 1, 2}, {1, 9, 3})},
                                                   {"epoch", integer(7)}}),
                                             {{"0", six}}, deflate));
        REQUIRE(archive->kind() == ContainerKind::TorchZip);
        REQUIRE((numbersOf(*archive, "w") == Floats{0, 1, 2, 3, 4, 5}));
        REQUIRE((numbersOf(*archive, "same") == Floats{0, 1, 2, 3, 4, 5}));
        REQUIRE((numbersOf(*archive, "transposed") == Floats{0, 3, 1, 4, 2, 5}));
        REQUIRE((numbersOf(*archive, "row") == Floats{3, 4, 5}));
        REQUIRE((numbersOf(*archive, "steps") == Floats{1, 3, 3, 5}));
        REQUIRE((numbersOf(*archive, "expanded") == Floats{4, 5, 4, 5}));
        REQUIRE((numbersOf(*archive, "scalar") == Floats{5}));
        REQUIRE(numbersOf(*archive, "none").empty());
        REQUIRE((numbersOf(*archive, "permuted") == Floats{0, 3, 1, 4, 2, 5}));
        REQUIRE(archive->find("epoch") == -1);
        REQUIRE(*archive->data()["epoch"].integer() == std::int64_t(7));
        REQUIRE(archive->data()["steps"].array() == archive->find("steps"));
    }
}

TEST_CASE("every type of storage is read") {
    struct Case {
        const char* type;
        std::string bytes;
    };
    for (const Case& c :
         {Case{"DoubleStorage", rawAll<double>({1, -2})}, Case{"FloatStorage", rawAll<float>({1, -2})},
          Case{"HalfStorage", rawAll<std::uint16_t>({0x3C00, 0xC000})},
          Case{"BFloat16Storage", rawAll<std::uint16_t>({0x3F80, 0xC000})},
          Case{"LongStorage", rawAll<std::int64_t>({1, -2})},
          Case{"IntStorage", rawAll<std::int32_t>({1, -2})},
          Case{"ShortStorage", rawAll<std::int16_t>({1, -2})},
          Case{"CharStorage", rawAll<std::int8_t>({1, -2})}}) {
        const std::string object = tensor(storage(c.type, "0", 2), 0, {2}, {1});
        const auto zipped = opened(torchZip(object, {{"0", c.bytes}}));
        REQUIRE(namesOf(*zipped) == Names{"value"});
        REQUIRE_MESSAGE((numbersOf(*zipped, 0) == Floats{1, -2}), c.type);
        REQUIRE_MESSAGE((numbersOf(*opened(torchStream(object, {{"0", c.bytes}}, {2})), 0) == Floats{1, -2}),
                        c.type);
        // The same numbers, each turned round, where the file says so.
        std::string turned;
        for (std::size_t i = 0, size = c.bytes.size() / 2; i < 2; ++i) {
            const std::string number = c.bytes.substr(i * size, size);
            turned += std::string(number.rbegin(), number.rend());
        }
        const std::string big =
            zip({{"m/data.pkl", pickle(object)}, {"m/data/0", turned}, {"m/byteorder", "big"}});
        REQUIRE_MESSAGE((numbersOf(*opened(big), 0) == Floats{1, -2}), c.type);
        REQUIRE_MESSAGE(
            (numbersOf(*opened(torchStream(object, {{"0", turned}}, {2}, false)), 0) == Floats{1, -2}),
            c.type);
    }
}

TEST_CASE("torch stream is read") {
    const std::string view = storage("FloatStorage", "a", 6, {tuple({text("v"), integer(2), integer(4)})});
    const auto archive =
        opened(torchStream(dict({{"whole", tensor(storage("FloatStorage", "a", 6, {"N"}), 0, {6}, {1})},
                                 {"view", tensor(view, 1, {3}, {1})},
                                 {"other", tensor(storage("ByteStorage", "b", 2, {"N"}), 0, {2}, {1})}}),
                           {{"a", six}, {"b", "\x05\xFF"}}, {6, 2}));
    REQUIRE(archive->kind() == ContainerKind::TorchStream);
    REQUIRE((numbersOf(*archive, "whole") == Floats{0, 1, 2, 3, 4, 5}));
    REQUIRE((numbersOf(*archive, "view") == Floats{3, 4, 5}));
    REQUIRE(archive->readBytes(archive->find("other")) == "\x05\xFF");
}

TEST_CASE("streams that do not add up are refused") {
    const std::string object = dict({{"w", matrix("a")}});
    const auto message = [&](const std::vector<std::pair<std::string, std::string>>& storages,
                             const std::vector<std::int64_t>& counts) {
        return refusal(torchStream(object, storages, counts));
    };
    REQUIRE(message({{"a", six}}, {6}).empty());
    const auto says = [](const std::string& text, const char* reason) {
        return text.starts_with("data: made: ") && text.find(reason) != std::string::npos;
    };
    REQUIRE(says(message({{"a", six + "x"}}, {6}), "1 bytes follow the last storage"));
    REQUIRE(says(message({{"a", six.substr(1)}}, {6}), "but only 23 bytes follow"));
    REQUIRE(says(message({{"a", six}}, {5}), "has 5 elements, but the object says 6"));
    REQUIRE(says(message({{"a", six}}, {-1}), "has -1 elements"));
    REQUIRE(says(message({}, {}), "names the storage a, but does not hold it"));
    REQUIRE(says(message({{"a", six}, {"a", six}}, {6, 6}), "twice"));
    REQUIRE(says(message({{"b", six}}, {6}), "the object does not name it"));
    const std::string whole = torchStream(object, {{"a", six}}, {6});
    for (std::size_t length = 0; length < whole.size(); ++length)
        REQUIRE_MESSAGE(!refusal(whole.substr(0, length)).empty(), std::to_string(length));
}

TEST_CASE("names are the way from the root") {
    const auto archive =
        opened(torchZip(dict({{"model", dict({{"a.b", matrix()}, {"c", list({"N", matrix()})}})},
                              {"state", "}" + integer(3) + dict({{"avg", matrix()}}) + "s"},
                              {"options", object("argparse", "Namespace", dict({{"mask", matrix()}}))},
                              {"m", dict({{"x", matrix()}})},
                              {"m.x", matrix()}}),
                        {{"0", six}}));
    REQUIRE(namesOf(*archive) ==
            (Names{"model.a.b", "model.c.1", "state.3.avg", "options.mask", "m.x", "m.x#2"}));
    REQUIRE(archive->find("m.x#2") == 5);
    REQUIRE(archive->find("m.x#3") == -1);
}

TEST_CASE("modules are named as their state dicts") {
    const std::string flat = list({"h\x02"});
    const std::string inner =
        object("torch.nn.modules.rnn", "GRU",
               dict({{"training", "\x88"},
                     {"_flat_weights", flat},
                     {"_parameters", "}(" + text("weight") + "h\x02" + text("bias") + "Nu"},
                     {"_buffers", "}"},
                     {"_modules", "}"}}));
    const std::string net = object("__main__", "Net",
                                   dict({{"_parameters", "}(" + text("scale") + matrix() + "q\x02u"},
                                         {"_buffers", "}(" + text("mask") + matrix() + "u"},
                                         {"_modules", dict({{"rnn", inner}})},
                                         {"table", matrix()}}));
    const auto archive = opened(torchZip(net, {{"0", six}}));
    REQUIRE(namesOf(*archive) == (Names{"scale", "mask", "rnn.weight", "table"}));
    REQUIRE(archive->data().className() == "__main__.Net");
}

TEST_CASE("shared dicts are not walked without end") {
    std::string bomb = dict({{"w", matrix()}});
    for (int i = 0; i < 40; ++i) bomb += "2\x86";
    const auto archive = opened(torchZip(bomb, {{"0", six}}));
    REQUIRE((archive->arrays().size() >= 1 && archive->arrays().size() <= 8));
    const auto self =
        opened(torchZip("}q\x01(" + text("me") + "h\x01" + text("w") + matrix() + "u", {{"0", six}}));
    REQUIRE(self->find("w") >= 0);
    const std::string longKey(5'000, 'k');
    REQUIRE(refusal(torchZip(dict({{longKey, matrix()}}), {{"0", six}}))
                .starts_with("limit: made: an array's name"));
}

TEST_CASE("storages are compared with their entries") {
    const auto says = [](const std::string& text, const char* reason) {
        return text.starts_with("data: made: model/") && text.find(reason) != std::string::npos;
    };
    REQUIRE(says(refusal(torchZip(matrix("9"), {{"0", six}})), "no entry model/data/9"));
    REQUIRE(
        says(refusal(torchZip(matrix("../../etc/passwd"), {{"0", six}})), "no entry model/data/../../etc"));
    REQUIRE(says(refusal(torchZip(matrix(), {{"0", six.substr(1)}})), "has 23 bytes, but is said to hold 6"));
    REQUIRE(says(refusal(torchZip(tensor(storage("FloatStorage", "0", std::int64_t(1) << 62), 0, {1}, {1}),
                                  {{"0", six}})),
                 "is said to hold 4611686018427387904"));
    const std::string unsupported =
        torchZip(tensor(storage("QInt8Storage", "0", 6), 0, {6}, {1}), {{"0", six}});
    REQUIRE(refusal(unsupported).starts_with("unsupported: made: model/data.pkl"));
}

TEST_CASE("arrays that repeat their numbers are bounded") {
    const std::string repeated = tensor(sixIn("0"), 0, {1 << 20, 1 << 20}, {0, 0});
    REQUIRE(
        refusal(torchZip(repeated, {{"0", six}})).starts_with("limit: made: value and the arrays before it"));
    const std::string million = tensor(sixIn("0"), 0, {1'000'000}, {0});
    std::vector<std::pair<std::string, std::string>> entries;
    for (int i = 0; i < 30; ++i) entries.emplace_back(std::to_string(i), million);
    REQUIRE(refusal(torchZip(dict(entries), {{"0", six}})).starts_with("limit: made: "));
}

TEST_CASE("a flipped bit in the numbers is found") {
    std::string large;
    for (int i = 0; i < 3'000'000; ++i) large += raw(static_cast<float>(i));
    const std::string view = tensor(storage("FloatStorage", "0", 3'000'000), 5, {3}, {1});
    for (const std::string& object :
         {tensor(storage("FloatStorage", "0", 3'000'000), 0, {3'000'000}, {1}), view,
          tensor(storage("FloatStorage", "0", 3'000'000), 0, {2, 2}, {1, 7})}) {
        std::string file = torchZip(object, {{"0", large}});
        REQUIRE(refusal(file).empty());
        file[file.size() / 2] = static_cast<char>(file[file.size() / 2] ^ 1);
        const std::string message = refusal(file);
        REQUIRE_MESSAGE(message.starts_with("data: made: model/data/0: its bytes do not have the CRC-32"),
                        message);
    }
    // All blocks of all threads come to their place.
    const auto archive = opened(
        torchZip(tensor(storage("FloatStorage", "0", 3'000'000), 0, {3'000'000}, {1}), {{"0", large}}));
    const Floats numbers = numbersOf(*archive, 0);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (numbers[i] != static_cast<float>(i)) FAIL(std::to_string(i));
}

namespace {

struct DamagedZipArchivesAreRefusedRow {
    std::string row;
    std::string file;
    std::string reason;
};

std::vector<DamagedZipArchivesAreRefusedRow> damagedZipArchivesAreRefusedRows() {
    std::vector<DamagedZipArchivesAreRefusedRow> rows;
    const auto row = [&](const char* name, const std::string& file, const char* reason) {
        rows.push_back({name, file, std::string(reason)});
    };
    const Entry data{"m/data.pkl", pickle("N")};
    const auto with = [&](const std::string& name, std::function<void(std::string&, std::string&)> lie,
                          bool deflate = false) {
        return zip({data, {name, std::string(1000, 'x'), deflate, 0, std::move(lie)}});
    };
    const auto both = [](std::size_t local, std::size_t central, auto number) {
        return [=](std::string& l, std::string& c) {
            put(l, local, number);
            put(c, central, number);
        };
    };
    using namespace field;
    row("twice", zip({data, {"a", "1"}, {"a", "2"}}), "two entries have one name");
    row("above", with("../a", nullptr), "../a: names a place outside");
    row("above within", with("m/../../a", nullptr), "names a place outside");
    row("root", with("/etc/a", nullptr), "names a place outside");
    row("encrypted", with("a", both(localFlags, flags, std::uint16_t(1))), "is encrypted");
    row("method", with("a", both(localMethod, method, std::uint16_t(12))), "compressed by method 12");
    row("directory alone", with("a", [](auto&, auto& c) { put(c, packed, std::uint32_t(999)); }), "damaged");
    row("sizes", with("a", both(localPacked, packed, std::uint32_t(999))), "1000 bytes in 999");
    row("ratio", with("a", both(localSize, field::size, std::uint32_t(100'000'000)), true),
        "more than deflate can");
    // An entry's header that stands within the content of another one.
    const std::string inner = zip({{"b", "inner"}}).substr(0, 30 + 1 + 5);
    const auto within = static_cast<std::uint32_t>(30 + data.name.size() + data.content.size() + 30 + 1);
    row("overlap",
        zip({data, {"a", inner}, {"b", "inner", false, 0, [=](auto&, auto& c) { put(c, offset, within); }}}),
        "made: b: shares bytes with another entry");
    row("far offset", with("a", [](auto&, auto& c) { put(c, offset, std::uint32_t(0x7FFFFFFF)); }),
        "damaged");
    const std::string whole = zip({data, {"a", "1"}});
    row("cut", whole.substr(0, whole.size() - 22), "lacks the directory");
    row("half", whole.substr(0, whole.size() / 2), "lacks the directory");
    row("script", zip({{"m/data.pkl", pickle("N")}, {"m/code/net.py", ""}}), "TorchScript");
    row("script constants", zip({{"m/constants.pkl", ""}}), "TorchScript");
    row("other", zip({{"hello.txt", "hello"}}), "neither PyTorch's");
    return rows;
}

} // namespace

TEST_CASE("damaged zip archives are refused") {
    for (const DamagedZipArchivesAreRefusedRow& row : damagedZipArchivesAreRefusedRows()) {
        CAPTURE(row.row);
        const std::string& file = row.file;
        const std::string& reason = row.reason;
        const std::string message = refusal(file);
        REQUIRE_MESSAGE((!message.empty() && message.find(reason) != std::string::npos), message);
    }
}

namespace {

struct WhatIsNoContainerIsCalledByItsNameRow {
    std::string row;
    std::string file;
    std::string reason;
};

std::vector<WhatIsNoContainerIsCalledByItsNameRow> whatIsNoContainerIsCalledByItsNameRows() {
    std::vector<WhatIsNoContainerIsCalledByItsNameRow> rows;
    const auto row = [&](const char* name, const std::string& file, const char* reason) {
        rows.push_back({name, file, std::string(reason)});
    };
    row("empty", "", "data: made: is empty");
    row("text", "Dear all,\nthe model is here.\n", "is text");
    row("page", "\n<!DOCTYPE html><title>404</title>", "web page");
    row("html", "<HTML>", "web page");
    row("gzip", "\x1F\x8B\x08", "gunzip");
    row("lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull");
    row("tar", std::string(257, '\0') + "ustar" + std::string(250, '\0'), "tar archive");
    row("pickle", pickle("N"), "not one that torch.save wrote");
    row("hdf5", "\x89HDF\r\n\x1A\n", "HDF5");
    row("empty zip", std::string("PK\x05\x06") + std::string(18, '\0'), "nothing in it");
    row("noise", "\x01\x02\x03\xFF", "none of the files that are read");
    row("keras", zip({{"config.json", "{}"}, {"model.weights.h5", ""}}), "model.weights.h5: is empty");
    return rows;
}

} // namespace

TEST_CASE("what is no container is called by its name") {
    for (const WhatIsNoContainerIsCalledByItsNameRow& row : whatIsNoContainerIsCalledByItsNameRows()) {
        CAPTURE(row.row);
        const std::string& file = row.file;
        const std::string& reason = row.reason;
        const std::string message = refusal(file);
        REQUIRE_MESSAGE(message.find(reason) != std::string::npos, message);
    }
}

TEST_CASE("safetensors are read") {
    const std::string header = R"({"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                               R"("n":{"dtype":"I16","shape":[],"data_offsets":[24,26]},)"
                               R"("__metadata__":{"step":"7"}})";
    const auto archive = opened(fixture::container(header, six + raw(std::int16_t(-3))));
    REQUIRE(archive->kind() == ContainerKind::Safetensors);
    REQUIRE((numbersOf(*archive, "w") == Floats{0, 1, 2, 3, 4, 5}));
    REQUIRE((numbersOf(*archive, "n") == Floats{-3}));
    REQUIRE(*archive->data()["step"].integer() == std::int64_t(7));
    const std::string eight = R"({"w":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}})";
    REQUIRE(refusal(fixture::container(eight, "x")).starts_with("unsupported: made: w: is of type F8_E4M3"));
}

TEST_CASE("a file is read like its bytes") {
    fixture::TemporaryFolder folder;
    const std::string path = folder.filePath("m.tar"); // the name says nothing
    fixture::writeAll(path, torchZip(dict({{"w", matrix()}}), {{"0", six}}));
    const auto archive = openArchive(path);
    REQUIRE(archive->path() == path);
    REQUIRE((numbersOf(*archive, "w") == Floats{0, 1, 2, 3, 4, 5}));
    fixture::writeAll(path, ""); // becomes shorter while it is open
    REQUIRE_THROWS_AS(numbersOf(*archive, "w"), Error);
    REQUIRE_THROWS_AS(openArchive(folder.path()), Error);
    REQUIRE_THROWS_AS(openArchive(folder.filePath("none")), Error);
}

TEST_CASE("data is found or absent") {
    DataTree tree;
    REQUIRE(!tree.root());
    REQUIRE(!tree.root()["a"]["b"][std::size_t(0)].text());
    const auto view = [&](Datum datum) { return DataView(tree, tree.add(std::move(datum))); };
    const auto word = [&](const char* t) { return view({.kind = DatumKind::Text, .text = t}); };
    REQUIRE(*word("+12").integer() == std::int64_t(12));
    REQUIRE((!word("12 ").integer() && !word("").integer() && !word("1.5").integer()));
    REQUIRE(*word("1e-3").real() == 1e-3);
    REQUIRE((*word("True").truth() && *word("yes").truth() && *word("1").truth()));
    REQUIRE(
        (!*word("FALSE").truth() && !*word("no").truth() && !*word("0").truth() && !word("maybe").truth()));
    REQUIRE(*view({.kind = DatumKind::Integer, .integer = 2}).truth());
    REQUIRE(*view({.kind = DatumKind::Integer, .integer = 2}).real() == 2.0);
    REQUIRE(!view({.kind = DatumKind::Real, .real = 2}).integer());
    REQUIRE(!view({.kind = DatumKind::None}).text());
    REQUIRE(view({.kind = DatumKind::None}).exists());
    const int a = tree.add({.kind = DatumKind::Text, .text = "a"}),
              n = tree.add({.kind = DatumKind::Integer});
    REQUIRE(view({.kind = DatumKind::List, .items = {a, n}}).texts() == (Names{"a", ""}));
}

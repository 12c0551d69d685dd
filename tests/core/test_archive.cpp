// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
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

class TestArchive : public QObject {
    Q_OBJECT

private slots:
    void torchZipIsRead() {
        for (const bool deflate : {false, true}) {
            const auto archive =
                opened(torchZip(dict({{"w", matrix()},
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
            QVERIFY(archive->kind() == ContainerKind::TorchZip);
            QVERIFY((numbersOf(*archive, "w") == Floats{0, 1, 2, 3, 4, 5}));
            QVERIFY((numbersOf(*archive, "same") == Floats{0, 1, 2, 3, 4, 5}));
            QVERIFY((numbersOf(*archive, "transposed") == Floats{0, 3, 1, 4, 2, 5}));
            QVERIFY((numbersOf(*archive, "row") == Floats{3, 4, 5}));
            QVERIFY((numbersOf(*archive, "steps") == Floats{1, 3, 3, 5}));
            QVERIFY((numbersOf(*archive, "expanded") == Floats{4, 5, 4, 5}));
            QVERIFY((numbersOf(*archive, "scalar") == Floats{5}));
            QVERIFY(numbersOf(*archive, "none").empty());
            QVERIFY((numbersOf(*archive, "permuted") == Floats{0, 3, 1, 4, 2, 5}));
            QCOMPARE(archive->find("epoch"), -1);
            QCOMPARE(*archive->data()["epoch"].integer(), std::int64_t(7));
            QCOMPARE(archive->data()["steps"].array(), archive->find("steps"));
        }
    }

    void everyTypeOfStorageIsRead() {
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
            QCOMPARE(namesOf(*zipped), Names{"value"});
            QVERIFY2((numbersOf(*zipped, 0) == Floats{1, -2}), c.type);
            QVERIFY2((numbersOf(*opened(torchStream(object, {{"0", c.bytes}}, {2})), 0) == Floats{1, -2}),
                     c.type);
            // The same numbers, each turned round, where the file says so.
            std::string turned;
            for (std::size_t i = 0, size = c.bytes.size() / 2; i < 2; ++i) {
                const std::string number = c.bytes.substr(i * size, size);
                turned += std::string(number.rbegin(), number.rend());
            }
            const std::string big =
                zip({{"m/data.pkl", pickle(object)}, {"m/data/0", turned}, {"m/byteorder", "big"}});
            QVERIFY2((numbersOf(*opened(big), 0) == Floats{1, -2}), c.type);
            QVERIFY2(
                (numbersOf(*opened(torchStream(object, {{"0", turned}}, {2}, false)), 0) == Floats{1, -2}),
                c.type);
        }
    }

    void torchStreamIsRead() {
        const std::string view =
            storage("FloatStorage", "a", 6, {tuple({text("v"), integer(2), integer(4)})});
        const auto archive =
            opened(torchStream(dict({{"whole", tensor(storage("FloatStorage", "a", 6, {"N"}), 0, {6}, {1})},
                                     {"view", tensor(view, 1, {3}, {1})},
                                     {"other", tensor(storage("ByteStorage", "b", 2, {"N"}), 0, {2}, {1})}}),
                               {{"a", six}, {"b", "\x05\xFF"}}, {6, 2}));
        QVERIFY(archive->kind() == ContainerKind::TorchStream);
        QVERIFY((numbersOf(*archive, "whole") == Floats{0, 1, 2, 3, 4, 5}));
        QVERIFY((numbersOf(*archive, "view") == Floats{3, 4, 5}));
        QCOMPARE(archive->readBytes(archive->find("other")), std::string("\x05\xFF"));
    }

    void streamsThatDoNotAddUpAreRefused() {
        const std::string object = dict({{"w", matrix("a")}});
        const auto message = [&](const std::vector<std::pair<std::string, std::string>>& storages,
                                 const std::vector<std::int64_t>& counts) {
            return refusal(torchStream(object, storages, counts));
        };
        QVERIFY(message({{"a", six}}, {6}).empty());
        const auto says = [](const std::string& text, const char* reason) {
            return text.starts_with("data: made: ") && text.find(reason) != std::string::npos;
        };
        QVERIFY(says(message({{"a", six + "x"}}, {6}), "1 bytes follow the last storage"));
        QVERIFY(says(message({{"a", six.substr(1)}}, {6}), "but only 23 bytes follow"));
        QVERIFY(says(message({{"a", six}}, {5}), "has 5 elements, but the object says 6"));
        QVERIFY(says(message({{"a", six}}, {-1}), "has -1 elements"));
        QVERIFY(says(message({}, {}), "names the storage a, but does not hold it"));
        QVERIFY(says(message({{"a", six}, {"a", six}}, {6, 6}), "twice"));
        QVERIFY(says(message({{"b", six}}, {6}), "the object does not name it"));
        const std::string whole = torchStream(object, {{"a", six}}, {6});
        for (std::size_t length = 0; length < whole.size(); ++length)
            QVERIFY2(!refusal(whole.substr(0, length)).empty(), std::to_string(length).c_str());
    }

    void namesAreTheWayFromTheRoot() {
        const auto archive =
            opened(torchZip(dict({{"model", dict({{"a.b", matrix()}, {"c", list({"N", matrix()})}})},
                                  {"state", "}" + integer(3) + dict({{"avg", matrix()}}) + "s"},
                                  {"options", object("argparse", "Namespace", dict({{"mask", matrix()}}))},
                                  {"m", dict({{"x", matrix()}})},
                                  {"m.x", matrix()}}),
                            {{"0", six}}));
        QCOMPARE(namesOf(*archive),
                 (Names{"model.a.b", "model.c.1", "state.3.avg", "options.mask", "m.x", "m.x#2"}));
        QCOMPARE(archive->find("m.x#2"), 5);
        QCOMPARE(archive->find("m.x#3"), -1);
    }

    void modulesAreNamedAsTheirStateDicts() {
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
        QCOMPARE(namesOf(*archive), (Names{"scale", "mask", "rnn.weight", "table"}));
        QCOMPARE(archive->data().className(), std::string("__main__.Net"));
    }

    void sharedDictsAreNotWalkedWithoutEnd() {
        std::string bomb = dict({{"w", matrix()}});
        for (int i = 0; i < 40; ++i) bomb += "2\x86";
        const auto archive = opened(torchZip(bomb, {{"0", six}}));
        QVERIFY(archive->arrays().size() >= 1 && archive->arrays().size() <= 8);
        const auto self =
            opened(torchZip("}q\x01(" + text("me") + "h\x01" + text("w") + matrix() + "u", {{"0", six}}));
        QVERIFY(self->find("w") >= 0);
        const std::string longKey(5'000, 'k');
        QVERIFY(refusal(torchZip(dict({{longKey, matrix()}}), {{"0", six}}))
                    .starts_with("limit: made: an array's name"));
    }

    void storagesAreComparedWithTheirEntries() {
        const auto says = [](const std::string& text, const char* reason) {
            return text.starts_with("data: made: model/") && text.find(reason) != std::string::npos;
        };
        QVERIFY(says(refusal(torchZip(matrix("9"), {{"0", six}})), "no entry model/data/9"));
        QVERIFY(says(refusal(torchZip(matrix("../../etc/passwd"), {{"0", six}})),
                     "no entry model/data/../../etc"));
        QVERIFY(
            says(refusal(torchZip(matrix(), {{"0", six.substr(1)}})), "has 23 bytes, but is said to hold 6"));
        QVERIFY(
            says(refusal(torchZip(tensor(storage("FloatStorage", "0", std::int64_t(1) << 62), 0, {1}, {1}),
                                  {{"0", six}})),
                 "is said to hold 4611686018427387904"));
        const std::string unsupported =
            torchZip(tensor(storage("QInt8Storage", "0", 6), 0, {6}, {1}), {{"0", six}});
        QVERIFY(refusal(unsupported).starts_with("unsupported: made: model/data.pkl"));
    }

    void arraysThatRepeatTheirNumbersAreBounded() {
        const std::string repeated = tensor(sixIn("0"), 0, {1 << 20, 1 << 20}, {0, 0});
        QVERIFY(refusal(torchZip(repeated, {{"0", six}}))
                    .starts_with("limit: made: value and the arrays before it"));
        const std::string million = tensor(sixIn("0"), 0, {1'000'000}, {0});
        std::vector<std::pair<std::string, std::string>> entries;
        for (int i = 0; i < 30; ++i) entries.emplace_back(std::to_string(i), million);
        QVERIFY(refusal(torchZip(dict(entries), {{"0", six}})).starts_with("limit: made: "));
    }

    void aFlippedBitInTheNumbersIsFound() {
        std::string large;
        for (int i = 0; i < 3'000'000; ++i) large += raw(static_cast<float>(i));
        const std::string view = tensor(storage("FloatStorage", "0", 3'000'000), 5, {3}, {1});
        for (const std::string& object :
             {tensor(storage("FloatStorage", "0", 3'000'000), 0, {3'000'000}, {1}), view,
              tensor(storage("FloatStorage", "0", 3'000'000), 0, {2, 2}, {1, 7})}) {
            std::string file = torchZip(object, {{"0", large}});
            QVERIFY(refusal(file).empty());
            file[file.size() / 2] = static_cast<char>(file[file.size() / 2] ^ 1);
            const std::string message = refusal(file);
            QVERIFY2(message.starts_with("data: made: model/data/0: its bytes do not have the CRC-32"),
                     message.c_str());
        }
        // All blocks of all threads come to their place.
        const auto archive = opened(
            torchZip(tensor(storage("FloatStorage", "0", 3'000'000), 0, {3'000'000}, {1}), {{"0", large}}));
        const Floats numbers = numbersOf(*archive, 0);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            if (numbers[i] != static_cast<float>(i)) QFAIL(std::to_string(i).c_str());
    }

    void damagedZipArchivesAreRefused_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& file, const char* reason) {
            QTest::newRow(name) << QByteArray::fromStdString(file) << QString(reason);
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
        row("directory alone", with("a", [](auto&, auto& c) { put(c, packed, std::uint32_t(999)); }),
            "damaged");
        row("sizes", with("a", both(localPacked, packed, std::uint32_t(999))), "1000 bytes in 999");
        row("ratio", with("a", both(localSize, field::size, std::uint32_t(100'000'000)), true),
            "more than deflate can");
        // An entry's header that stands within the content of another one.
        const std::string inner = zip({{"b", "inner"}}).substr(0, 30 + 1 + 5);
        const auto within = static_cast<std::uint32_t>(30 + data.name.size() + data.content.size() + 30 + 1);
        row("overlap",
            zip({data,
                 {"a", inner},
                 {"b", "inner", false, 0, [=](auto&, auto& c) { put(c, offset, within); }}}),
            "made: b: shares bytes with another entry");
        row("far offset", with("a", [](auto&, auto& c) { put(c, offset, std::uint32_t(0x7FFFFFFF)); }),
            "damaged");
        const std::string whole = zip({data, {"a", "1"}});
        row("cut", whole.substr(0, whole.size() - 22), "lacks the directory");
        row("half", whole.substr(0, whole.size() / 2), "lacks the directory");
        row("script", zip({{"m/data.pkl", pickle("N")}, {"m/code/net.py", ""}}), "TorchScript");
        row("script constants", zip({{"m/constants.pkl", ""}}), "TorchScript");
        row("other", zip({{"hello.txt", "hello"}}), "neither PyTorch's");
    }
    void damagedZipArchivesAreRefused() {
        QFETCH(QByteArray, file);
        QFETCH(QString, reason);
        const std::string message = refusal(file.toStdString());
        QVERIFY2(!message.empty() && message.find(reason.toStdString()) != std::string::npos,
                 message.c_str());
    }

    void whatIsNoContainerIsCalledByItsName_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& file, const char* reason) {
            QTest::newRow(name) << QByteArray::fromStdString(file) << QString(reason);
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
    }
    void whatIsNoContainerIsCalledByItsName() {
        QFETCH(QByteArray, file);
        QFETCH(QString, reason);
        const std::string message = refusal(file.toStdString());
        QVERIFY2(message.find(reason.toStdString()) != std::string::npos, message.c_str());
    }

    void safetensorsAreRead() {
        const std::string header = R"({"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                                   R"("n":{"dtype":"I16","shape":[],"data_offsets":[24,26]},)"
                                   R"("__metadata__":{"step":"7"}})";
        const auto archive = opened(fixture::container(header, six + raw(std::int16_t(-3))));
        QVERIFY(archive->kind() == ContainerKind::Safetensors);
        QVERIFY((numbersOf(*archive, "w") == Floats{0, 1, 2, 3, 4, 5}));
        QVERIFY((numbersOf(*archive, "n") == Floats{-3}));
        QCOMPARE(*archive->data()["step"].integer(), std::int64_t(7));
        const std::string eight = R"({"w":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}})";
        QVERIFY(
            refusal(fixture::container(eight, "x")).starts_with("unsupported: made: w: is of type F8_E4M3"));
    }

    void aFileIsReadLikeItsBytes() {
        QTemporaryDir folder;
        const std::string path = folder.filePath("m.tar").toStdString(); // the name says nothing
        fixture::writeAll(path, torchZip(dict({{"w", matrix()}}), {{"0", six}}));
        const auto archive = openArchive(path);
        QCOMPARE(archive->path(), path);
        QVERIFY((numbersOf(*archive, "w") == Floats{0, 1, 2, 3, 4, 5}));
        fixture::writeAll(path, ""); // becomes shorter while it is open
        QVERIFY_EXCEPTION_THROWN(numbersOf(*archive, "w"), Error);
        QVERIFY_EXCEPTION_THROWN(openArchive(folder.path().toStdString()), Error);
        QVERIFY_EXCEPTION_THROWN(openArchive(folder.filePath("none").toStdString()), Error);
    }

    void dataIsFoundOrAbsent() {
        DataTree tree;
        QVERIFY(!tree.root());
        QVERIFY(!tree.root()["a"]["b"][std::size_t(0)].text());
        const auto view = [&](Datum datum) { return DataView(tree, tree.add(std::move(datum))); };
        const auto word = [&](const char* t) { return view({.kind = DatumKind::Text, .text = t}); };
        QCOMPARE(*word("+12").integer(), std::int64_t(12));
        QVERIFY(!word("12 ").integer() && !word("").integer() && !word("1.5").integer());
        QCOMPARE(*word("1e-3").real(), 1e-3);
        QVERIFY(*word("True").truth() && *word("yes").truth() && *word("1").truth());
        QVERIFY(!*word("FALSE").truth() && !*word("no").truth() && !*word("0").truth() &&
                !word("maybe").truth());
        QVERIFY(*view({.kind = DatumKind::Integer, .integer = 2}).truth());
        QCOMPARE(*view({.kind = DatumKind::Integer, .integer = 2}).real(), 2.0);
        QVERIFY(!view({.kind = DatumKind::Real, .real = 2}).integer());
        QVERIFY(!view({.kind = DatumKind::None}).text());
        QVERIFY(view({.kind = DatumKind::None}).exists());
        const int a = tree.add({.kind = DatumKind::Text, .text = "a"}),
                  n = tree.add({.kind = DatumKind::Integer});
        QCOMPARE(view({.kind = DatumKind::List, .items = {a, n}}).texts(), (Names{"a", ""}));
    }
};

QTEST_GUILESS_MAIN(TestArchive)
#include "test_archive.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>
#include <string>

#include "core/io/container/pickle.h"
#include "tests/core/container_fixture.h"

using namespace attn;
using namespace made;

namespace {

constexpr std::size_t memory = 1 << 20;

Pickle read(const std::string& bytes, std::size_t mostMemory = memory) {
    return readPickle(bytesOf(bytes), "p", mostMemory);
}

/// The message with which a pickle is refused; empty if it is read.
std::string fault(const std::string& bytes, std::size_t mostMemory = memory) {
    try {
        read(bytes, mostMemory);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

const std::string anyTensor = tensor(storage("FloatStorage", "0", 24), 0, {4, 6}, {6, 1});

} // namespace

class TestPickle : public QObject {
    Q_OBJECT

private slots:
    void textsOfEveryProtocol() {
        const std::string word = "\xC3\xA9t\xC3\xA9"; // "été"
        for (const std::string& bytes :
             {text(word), "\x8C\x05" + word, "\x8D" + raw(std::uint64_t(5)) + word, "U\x05" + word,
              "T" + raw(std::uint32_t(5)) + word, std::string("V\xE9t\xE9\n"),
              std::string("V\\u00e9t\\u00e9\n"), std::string("S'\\xc3\\xa9t\\303\\251'\n")}) {
            const Pickle pickle = read(bytes + ".");
            QCOMPARE(pickle.tree.root().text().value_or("none"), word);
            QCOMPARE(pickle.size, bytes.size() + 1);
        }
        // Beyond U+FFFF by two surrogates; what is no character is U+FFFD.
        QCOMPARE(*read("V\\ud83d\\ude00\n.").tree.root().text(), std::string("\xF0\x9F\x98\x80"));
        QCOMPARE(*read("V\\ud83d!\n.").tree.root().text(), std::string("\xEF\xBF\xBD!"));
        QCOMPARE(*read(text("a\xFF\xC0\x80z") + ".").tree.root().text(),
                 std::string("a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz"));
        QCOMPARE(read(std::string("U\x02\xFF\xFE.")).tree.root().kind(), DatumKind::Bytes);
        QCOMPARE(*read("S\"it's \\\"so\\\"\\n\"\n.").tree.root().text(), std::string("it's \"so\"\n"));
    }

    void integersOfEverySize() {
        for (const std::int64_t n : {std::int64_t(0), std::int64_t(255), std::int64_t(256), std::int64_t(-1),
                                     std::int64_t(-2147483648LL), INT64_MAX, INT64_MIN}) {
            QCOMPARE(*read(integer(n) + ".").tree.root().integer(), n);
            QCOMPARE(*read("I" + std::to_string(n) + "\n.").tree.root().integer(), n);
            QCOMPARE(*read("L" + std::to_string(n) + "L\n.").tree.root().integer(), n);
            QCOMPARE(*read("\x8B" + raw(std::uint32_t(8)) + raw(n) + ".").tree.root().integer(), n);
        }
        QCOMPARE(*read(std::string("M\x01\x02.")).tree.root().integer(), std::int64_t(0x201));
        QCOMPARE(*read(std::string("\x8A\x00.", 3)).tree.root().integer(), std::int64_t(0));
        QVERIFY(*read("I01\n.").tree.root().truth());
        QCOMPARE(read("I01\n.").tree.root().kind(), DatumKind::Bool);
        // 2^64, -2^64 and 10^30 in two's complement.
        const auto decimal = [](const std::string& bytes) {
            const Pickle pickle =
                read("\x8A" + std::string(1, static_cast<char>(bytes.size())) + bytes + ".");
            return pickle.tree.node(pickle.tree.root().index()).text;
        };
        QCOMPARE(decimal(std::string(8, '\0') + "\x01"), std::string("18446744073709551616"));
        QCOMPARE(decimal(std::string(8, '\0') + "\xFF"), std::string("-18446744073709551616"));
        QCOMPARE(decimal(std::string("\x00\x00\x00\x40\xEA\xED\x74\x46\xD0\x9C\x2C\x9F\x0C", 13)),
                 "1" + std::string(30, '0'));
        QVERIFY(!read(std::string("L1") + std::string(30, '0') + "\n.").tree.root().integer());
        QCOMPARE(*read(std::string("L1") + std::string(30, '0') + "\n.").tree.root().real(), 1e30);
    }

    void realsAreBigEndian() {
        QCOMPARE(*read(std::string("G\x3F\xF0\x00\x00\x00\x00\x00\x00.", 10)).tree.root().real(), 1.0);
        QCOMPARE(*read("F-2.5e-3\n.").tree.root().real(), -2.5e-3);
        QVERIFY(std::isnan(*read("Fnan\n.").tree.root().real()));
    }

    void containersByEveryOperation() {
        for (const std::string& bytes :
             {list({integer(1), integer(2)}), tuple({integer(1), integer(2)}), std::string("K\x01K\x02\x86"),
              std::string("]K\x01"
                          "aK\x02"
                          "a"),
              std::string("(K\x01K\x02l"), std::string("\x8F(K\x01K\x02\x90"), std::string("(K\x01K\x02\x91"),
              call(named("__builtin__", "set"), {list({integer(1), integer(2)})}),
              call(named("torch", "Size"), {tuple({integer(1), integer(2)})})}) {
            const Pickle pickle = read(bytes + ".");
            QCOMPARE(pickle.tree.root().kind(), DatumKind::List);
            QCOMPARE(pickle.tree.root().size(), std::size_t(2));
            QCOMPARE(*pickle.tree.root()[std::size_t(1)].integer(), std::int64_t(2));
        }
        const std::string pair = text("a") + integer(1);
        for (const std::string& bytes :
             {dict({{"a", integer(1)}}), "}" + pair + "s", "(" + pair + "d",
              call(named("collections", "OrderedDict"), {list({list({text("a"), integer(1)})})}),
              call(named("collections", "OrderedDict"), {}) + "(" + pair + "u",
              call(named("collections", "Counter"), {dict({{"a", integer(1)}})}),
              call(named("collections", "defaultdict"), {named("__builtin__", "int")}) + "(" + pair + "u",
              "\x80\x04\x95" + raw(std::uint64_t(9)) + dict({{"a", integer(1)}})}) {
            const Pickle pickle = read(bytes + ".");
            QCOMPARE(pickle.tree.root().kind(), DatumKind::Dict);
            QCOMPARE(pickle.tree.root().size(), std::size_t(1));
            QCOMPARE(*pickle.tree.root()["a"].integer(), std::int64_t(1));
            QVERIFY(!pickle.tree.root()["b"]["c"][std::size_t(3)]);
        }
        // The last value of a key is the one that counts; whole numbers are named in decimal.
        const Pickle twice = read("}(" + pair + text("a") + integer(2) + integer(-7) + text("x") + "u.");
        QCOMPARE(*twice.tree.root()["a"].integer(), std::int64_t(2));
        QCOMPARE(*twice.tree.root()["-7"].text(), std::string("x"));
    }

    void bytesOfEveryProtocol() {
        const std::string bytes(
            "\x00\xFF"
            "A",
            3);
        const auto isBytes = [&](const std::string& made) {
            const Pickle pickle = read(made + ".");
            return pickle.tree.root().kind() == DatumKind::Bytes &&
                   pickle.tree.node(pickle.tree.root().index()).text == bytes;
        };
        QVERIFY(isBytes("C\x03" + bytes));
        QVERIFY(isBytes("B" + raw(std::uint32_t(3)) + bytes));
        QVERIFY(isBytes("\x8E" + raw(std::uint64_t(3)) + bytes));
        QVERIFY(isBytes("\x96" + raw(std::uint64_t(3)) + bytes));
        QVERIFY(isBytes(call(named("_codecs", "encode"), {text(std::string("\x00\xC3\xBF"
                                                                           "A",
                                                                           4)),
                                                          text("latin1")})));
        QVERIFY(isBytes(call(named("builtins", "bytearray"), {"C\x03" + bytes})));
    }

    void otherClassesStayInert() {
        const std::string state = dict({{"epochs", integer(3)}});
        for (const std::string& bytes :
             {object("argparse", "Namespace", state), call(named("argparse", "Namespace"), {}) + state + "b",
              "(iargparse\nNamespace\n" + state + "b",
              "(" + named("argparse", "Namespace") + "o" + state + "b",
              text("argparse") + text("Namespace") + "\x93)\x81" + state + "b",
              named("argparse", "Namespace") + ")" + state + "\x92",
              call(named("copy_reg", "_reconstructor"),
                   {named("argparse", "Namespace"), named("__builtin__", "object"), "N"}) +
                  state + "b",
              object("argparse", "Namespace", tuple({"N", state}))}) {
            const Pickle pickle = read(bytes + ".");
            QCOMPARE(pickle.tree.root().kind(), DatumKind::Record);
            QCOMPARE(pickle.tree.root().className(), std::string("argparse.Namespace"));
            QCOMPARE(*pickle.tree.root()["epochs"].integer(), std::int64_t(3));
        }
        const Pickle partial = read(call(named("functools", "partial"), {named("m", "f")}) +
                                    tuple({named("m", "f"), tuple({}), "}", "N"}) + "b.");
        QCOMPARE(partial.tree.root()[std::size_t(0)].className(), std::string("m.f"));
        QCOMPARE(partial.tree.root()["__state__"].size(), std::size_t(4));
        // Dangerous names are names like all others.
        const Pickle system = read(call(named("posix", "system"), {text("touch ran")}) + ".");
        QCOMPARE(system.tree.root().className(), std::string("posix.system"));
        QCOMPARE(*system.tree.root()[std::size_t(0)].text(), std::string("touch ran"));
    }

    void numbersOfNumpy() {
        const auto scalar = [](const std::string& type, const std::string& order, const std::string& bytes) {
            return call(named("numpy.core.multiarray", "scalar"),
                        {call(named("numpy", "dtype"), {text(type), "\x89", "\x88"}) +
                             tuple({integer(3), text(order)}) + "b",
                         "C" + std::string(1, static_cast<char>(bytes.size())) + bytes}) +
                   ".";
        };
        QCOMPARE(*read(scalar("f8", "<", raw(2.5))).tree.root().real(), 2.5);
        QCOMPARE(*read(scalar("f4", "<", raw(-0.5F))).tree.root().real(), -0.5);
        QCOMPARE(*read(scalar("i8", "<", raw(std::int64_t(-9)))).tree.root().integer(), std::int64_t(-9));
        QCOMPARE(read(scalar("f8", ">", raw(2.5))).tree.root().kind(), DatumKind::Record);
        QCOMPARE(read(scalar("f8", "<", "short")).tree.root().kind(), DatumKind::Record);
    }

    void tensorsAndTheirStorages() {
        const Pickle one = read(pickle(tensor(storage("HalfStorage", "7", 30), 2, {3, 4}, {1, 7})));
        QCOMPARE(one.tree.root().kind(), DatumKind::Array);
        QCOMPARE(one.tensors.size(), std::size_t(1));
        QCOMPARE(one.storages[0].key, std::string("7"));
        QVERIFY(one.storages[0].element == ElementType::F16);
        QCOMPARE(one.tensors[0].layout.offset, std::int64_t(2));
        QVERIFY((one.tensors[0].layout.strides == std::vector<std::int64_t>{1, 7}));
        // A view of a storage in the legacy stream counts from where the view begins.
        const Pickle view = read(pickle(tensor(
            storage("FloatStorage", "1", 10, {tuple({text("2"), integer(4), integer(6)})}), 1, {5}, {1})));
        QCOMPARE(view.tensors[0].layout.offset, std::int64_t(5));
        for (const std::string& parameter :
             {call(named("torch._utils", "_rebuild_parameter"), {anyTensor, "\x88", "N"}),
              call(named("torch.nn.parameter", "Parameter"), {anyTensor}) + tuple({"\x88", "N"}) + "b",
              call(named("torch._tensor", "_rebuild_from_type_v2"),
                   {named("torch._utils", "_rebuild_tensor_v2"), named("torch", "Tensor"),
                    tuple({storage("FloatStorage", "0", 24), integer(0), numbers({24}), numbers({1}), "\x89",
                           "N"}),
                    "N"}),
              call(named("torch._utils", "_rebuild_tensor"),
                   {storage("FloatStorage", "0", 24), integer(0), numbers({24}), numbers({1})})}) {
            const Pickle pickle = read(parameter + ".");
            QCOMPARE(pickle.tree.root().kind(), DatumKind::Array);
            QCOMPARE(pickle.tensors.size(), std::size_t(1));
        }
        // A class stands for itself with its source text beside it.
        const Pickle module = read(
            tuple({text("module"), named("__main__", "Net"), text("net.py"), text("import os")}) + "Q)\x81.");
        QCOMPARE(module.tree.root().className(), std::string("__main__.Net"));
        // A storage of a type that is not read may stand there unused.
        QCOMPARE(read(storage("ComplexFloatStorage", "0", 2) + ".").tensors.size(), std::size_t(0));
    }

    void faultsNamePlaceAndReason_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& bytes, const char* reason) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(reason);
        };
        const std::string s = storage("FloatStorage", "0", 24);
        row("empty", "", "ends early");
        row("no stop", "\x80\x02N", "ends early");
        row("nothing left", "\x80\x02.", "not there");
        row("underflow", "0.", "not there");
        row("append below the mark", "](a.", "not there");
        row("no mark", "\x80\x02t.", "mark that is not there");
        row("unknown operation", "\xF0.", "operation 240");
        row("extension", std::string("\x82\x01."), "operation 130");
        row("buffer", std::string("\x97."), "operation 151");
        row("newer protocol", "\x80\x06N.", "protocol 6");
        row("memo", "h\x05.", "number 5, which was never remembered");
        row("memo far away", "Nr" + raw(std::uint32_t(0x7FFFFFFF)) + ".", "no pickler does");
        row("long text", "X" + raw(std::uint32_t(0x7FFFFFFF)) + "abc.", "2147483647 bytes expected");
        row("longest text", "\x8D" + raw(UINT64_MAX) + "abc.", "18446744073709551615 bytes expected");
        row("long integer", "\x8B" + raw(std::uint32_t(300)) + std::string(300, '\x7F') + ".",
            "integer of 300 bytes");
        row("digits", "I12x\n.", "not a whole number");
        row("real", "F1.2.3\n.", "not a number");
        row("line", "I12", "within a line");
        row("quotes", "S'a\n.", "quotes");
        row("append to text", text("a") + "Na.", "no list");
        row("item of list", "]NNs.", "no dict");
        row("key without value", "}(Nu.", "no value");
        row("call of text", text("f") + ")R.", "no class or function");
        row("arguments", named("a", "b") + "NR.", "not a tuple");
        row("state of text", text("a") + "}b.", "no object");
        row("name of class", "NN\x93.", "name of a class");
        row("persistent text", "Pfile\n.", "persistent id");
        row("persistent tag", tuple({text("file"), text("/etc/passwd")}) + "Q.", "kind \"file\"");
        row("no storage", tensor("N", 0, {1}, {1}) + ".", "no storage");
        row("storage without size",
            tuple({text("storage"), named("torch", "FloatStorage"), text("0"), text("cpu")}) + "Q.", "lacks");
        row("negative storage", storage("FloatStorage", "0", -1) + ".", "negative size");
        row("quantised", tensor(storage("QInt8Storage", "0", 4), 0, {4}, {1}) + ".", "torch.QInt8Storage");
        row("sparse", call(named("torch._utils", "_rebuild_sparse_tensor"), {}) + ".",
            "_rebuild_sparse_tensor");
        row("untyped", call(named("torch._utils", "_rebuild_tensor_v3"), {}) + ".", "_rebuild_tensor_v3");
        row("negative offset", tensor(s, -1, {4, 6}, {6, 1}) + ".", "element -1");
        row("negative size", tensor(s, 0, {-4, 6}, {6, 1}) + ".", "[-4, 6]");
        row("negative stride", tensor(s, 0, {4, 6}, {-6, 1}) + ".", "[-6, 1]");
        row("outside", tensor(s, 1, {4, 6}, {6, 1}) + ".", "reaches element 24");
        row("far outside", tensor(s, 0, {2}, {INT64_MAX}) + ".", "reaches element 9223372036854775807");
        row("product", tensor(s, 0, {INT64_MAX / 2, 4}, {0, 0}) + ".", "64 bits");
        row("reach", tensor(s, INT64_MAX, {2}, {1}) + ".", "64 bits");
        row("ranks", tensor(s, 0, {4, 6}, {1}) + ".", "2 sizes, but 1 strides");
        row("shape of texts",
            call(named("torch._utils", "_rebuild_tensor_v2"),
                 {s, integer(0), tuple({text("4")}), numbers({1})}) +
                ".",
            "no whole number");
        row("huge shape",
            call(named("torch._utils", "_rebuild_tensor_v2"),
                 {s, integer(0), tuple({"\x8A\x09" + std::string(8, '\0') + "\x01"}), numbers({1})}) +
                ".",
            "18446744073709551616, beyond 64 bits");
        row("view outside",
            storage("FloatStorage", "0", 10, {tuple({text("v"), integer(8), integer(3)})}) + ".",
            "outside of it");
    }
    void faultsNamePlaceAndReason() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, reason);
        const std::string message = fault(bytes.toStdString());
        QVERIFY2(message.starts_with("p: byte "), message.c_str());
        QVERIFY2(message.find(reason.toStdString()) != std::string::npos, message.c_str());
    }

    void memoryIsBounded() {
        const std::string many(20'000, ']');
        QVERIFY(fault("(" + many + "t.", 16 << 20).empty());
        QVERIFY(fault("(" + many + "t.").find("MB beside its arrays") != std::string::npos);
        // Copies of one long text by a few bytes each.
        std::string copies = text(std::string(100'000, 'x')) + "q\x01";
        for (int i = 0; i < 100; ++i) copies += "0" + named("_codecs", "encode") + "h\x01\x85R";
        QVERIFY(fault(copies + ".").find("MB beside its arrays") != std::string::npos);
        QVERIFY(fault(std::string(1'000'001, 'N') + ".", 1 << 30).find("on the stack") != std::string::npos);
        QVERIFY(fault(std::string(200'000, '(') + ".", 1 << 30).find("nested") != std::string::npos);
    }

    void sharedAndSelfReferringDataIsPlain() {
        const Pickle self = read("]q\x01h\x01\x61.");
        QVERIFY(self.tree.root()[std::size_t(0)].index() == self.tree.root().index());
        std::string bomb = ")";
        for (int i = 0; i < 64; ++i) bomb += "2\x86";
        QCOMPARE(read(bomb + ".").tree.size(), 65);
        std::string deep = "]";
        for (int i = 0; i < 5'000; ++i) deep += "]";
        QVERIFY(fault(deep + std::string(5'000, 'a') + ".").empty());
        // Arguments that hold themselves must not call without end.
        QVERIFY(!fault(named("torch._tensor", "_rebuild_from_type_v2") + "q\x02]q\x01(h\x02h\x02h\x01eR.")
                     .empty());
    }

    void everyTruncationIsRefused() {
        const std::string whole =
            pickle(dict({{"a", anyTensor}, {"b", object("x", "Y", dict({{"k", integer(70000)}}))}}));
        QVERIFY(fault(whole).empty());
        for (std::size_t length = 0; length < whole.size(); ++length)
            QVERIFY2(!fault(whole.substr(0, length)).empty(), std::to_string(length).c_str());
    }
};

QTEST_GUILESS_MAIN(TestPickle)
#include "test_pickle.moc"

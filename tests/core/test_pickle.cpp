// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

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

TEST_CASE("texts of every protocol") {
    const std::string word = "\xC3\xA9t\xC3\xA9"; // "été"
    for (const std::string& bytes :
         {text(word), "\x8C\x05" + word, "\x8D" + raw(std::uint64_t(5)) + word, "U\x05" + word,
          "T" + raw(std::uint32_t(5)) + word, std::string("V\xE9t\xE9\n"), std::string("V\\u00e9t\\u00e9\n"),
          std::string("S'\\xc3\\xa9t\\303\\251'\n")}) {
        const Pickle pickle = read(bytes + ".");
        REQUIRE(pickle.tree.root().text().value_or("none") == word);
        REQUIRE(pickle.size == bytes.size() + 1);
    }
    // Beyond U+FFFF by two surrogates; what is no character is U+FFFD.
    REQUIRE(*read("V\\ud83d\\ude00\n.").tree.root().text() == "\xF0\x9F\x98\x80");
    REQUIRE(*read("V\\ud83d!\n.").tree.root().text() == "\xEF\xBF\xBD!");
    REQUIRE(*read(text("a\xFF\xC0\x80z") + ".").tree.root().text() ==
            "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
    REQUIRE(read(std::string("U\x02\xFF\xFE.")).tree.root().kind() == DatumKind::Bytes);
    REQUIRE(*read("S\"it's \\\"so\\\"\\n\"\n.").tree.root().text() == "it's \"so\"\n");
}

TEST_CASE("integers of every size") {
    for (const std::int64_t n : {std::int64_t(0), std::int64_t(255), std::int64_t(256), std::int64_t(-1),
                                 std::int64_t(-2147483648LL), INT64_MAX, INT64_MIN}) {
        REQUIRE(*read(integer(n) + ".").tree.root().integer() == n);
        REQUIRE(*read("I" + std::to_string(n) + "\n.").tree.root().integer() == n);
        REQUIRE(*read("L" + std::to_string(n) + "L\n.").tree.root().integer() == n);
        REQUIRE(*read("\x8B" + raw(std::uint32_t(8)) + raw(n) + ".").tree.root().integer() == n);
    }
    REQUIRE(*read(std::string("M\x01\x02.")).tree.root().integer() == std::int64_t(0x201));
    REQUIRE(*read(std::string("\x8A\x00.", 3)).tree.root().integer() == std::int64_t(0));
    REQUIRE(*read("I01\n.").tree.root().truth());
    REQUIRE(read("I01\n.").tree.root().kind() == DatumKind::Bool);
    // 2^64, -2^64 and 10^30 in two's complement.
    const auto decimal = [](const std::string& bytes) {
        const Pickle pickle = read("\x8A" + std::string(1, static_cast<char>(bytes.size())) + bytes + ".");
        return pickle.tree.node(pickle.tree.root().index()).text;
    };
    REQUIRE(decimal(std::string(8, '\0') + "\x01") == "18446744073709551616");
    REQUIRE(decimal(std::string(8, '\0') + "\xFF") == "-18446744073709551616");
    REQUIRE(decimal(std::string("\x00\x00\x00\x40\xEA\xED\x74\x46\xD0\x9C\x2C\x9F\x0C", 13)) ==
            "1" + std::string(30, '0'));
    REQUIRE(!read(std::string("L1") + std::string(30, '0') + "\n.").tree.root().integer());
    REQUIRE(*read(std::string("L1") + std::string(30, '0') + "\n.").tree.root().real() == 1e30);
}

TEST_CASE("reals are big endian") {
    REQUIRE(*read(std::string("G\x3F\xF0\x00\x00\x00\x00\x00\x00.", 10)).tree.root().real() == 1.0);
    REQUIRE(*read("F-2.5e-3\n.").tree.root().real() == -2.5e-3);
    REQUIRE(std::isnan(*read("Fnan\n.").tree.root().real()));
}

TEST_CASE("containers by every operation") {
    for (const std::string& bytes :
         {list({integer(1), integer(2)}), tuple({integer(1), integer(2)}), std::string("K\x01K\x02\x86"),
          std::string("]K\x01"
                      "aK\x02"
                      "a"),
          std::string("(K\x01K\x02l"), std::string("\x8F(K\x01K\x02\x90"), std::string("(K\x01K\x02\x91"),
          call(named("__builtin__", "set"), {list({integer(1), integer(2)})}),
          call(named("torch", "Size"), {tuple({integer(1), integer(2)})})}) {
        const Pickle pickle = read(bytes + ".");
        REQUIRE(pickle.tree.root().kind() == DatumKind::List);
        REQUIRE(pickle.tree.root().size() == 2);
        REQUIRE(*pickle.tree.root()[std::size_t(1)].integer() == std::int64_t(2));
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
        REQUIRE(pickle.tree.root().kind() == DatumKind::Dict);
        REQUIRE(pickle.tree.root().size() == 1);
        REQUIRE(*pickle.tree.root()["a"].integer() == std::int64_t(1));
        REQUIRE(!pickle.tree.root()["b"]["c"][std::size_t(3)]);
    }
    // The last value of a key is the one that counts; whole numbers are named in decimal.
    const Pickle twice = read("}(" + pair + text("a") + integer(2) + integer(-7) + text("x") + "u.");
    REQUIRE(*twice.tree.root()["a"].integer() == std::int64_t(2));
    REQUIRE(*twice.tree.root()["-7"].text() == "x");
}

TEST_CASE("bytes of every protocol") {
    const std::string bytes(
        "\x00\xFF"
        "A",
        3);
    const auto isBytes = [&](const std::string& made) {
        const Pickle pickle = read(made + ".");
        return pickle.tree.root().kind() == DatumKind::Bytes &&
               pickle.tree.node(pickle.tree.root().index()).text == bytes;
    };
    REQUIRE(isBytes("C\x03" + bytes));
    REQUIRE(isBytes("B" + raw(std::uint32_t(3)) + bytes));
    REQUIRE(isBytes("\x8E" + raw(std::uint64_t(3)) + bytes));
    REQUIRE(isBytes("\x96" + raw(std::uint64_t(3)) + bytes));
    REQUIRE(isBytes(call(named("_codecs", "encode"), {text(std::string("\x00\xC3\xBF"
                                                                       "A",
                                                                       4)),
                                                      text("latin1")})));
    REQUIRE(isBytes(call(named("builtins", "bytearray"), {"C\x03" + bytes})));
}

TEST_CASE("other classes stay inert") {
    const std::string state = dict({{"epochs", integer(3)}});
    for (const std::string& bytes :
         {object("argparse", "Namespace", state), call(named("argparse", "Namespace"), {}) + state + "b",
          "(iargparse\nNamespace\n" + state + "b", "(" + named("argparse", "Namespace") + "o" + state + "b",
          text("argparse") + text("Namespace") + "\x93)\x81" + state + "b",
          named("argparse", "Namespace") + ")" + state + "\x92",
          call(named("copy_reg", "_reconstructor"),
               {named("argparse", "Namespace"), named("__builtin__", "object"), "N"}) +
              state + "b",
          object("argparse", "Namespace", tuple({"N", state}))}) {
        const Pickle pickle = read(bytes + ".");
        REQUIRE(pickle.tree.root().kind() == DatumKind::Record);
        REQUIRE(pickle.tree.root().className() == "argparse.Namespace");
        REQUIRE(*pickle.tree.root()["epochs"].integer() == std::int64_t(3));
    }
    const Pickle partial = read(call(named("functools", "partial"), {named("m", "f")}) +
                                tuple({named("m", "f"), tuple({}), "}", "N"}) + "b.");
    REQUIRE(partial.tree.root()[std::size_t(0)].className() == "m.f");
    REQUIRE(partial.tree.root()["__state__"].size() == 4);
    // Dangerous names are names like all others.
    const Pickle system = read(call(named("posix", "system"), {text("touch ran")}) + ".");
    REQUIRE(system.tree.root().className() == "posix.system");
    REQUIRE(*system.tree.root()[std::size_t(0)].text() == "touch ran");
}

TEST_CASE("numbers of numpy") {
    const auto scalar = [](const std::string& type, const std::string& order, const std::string& bytes) {
        return call(named("numpy.core.multiarray", "scalar"),
                    {call(named("numpy", "dtype"), {text(type), "\x89", "\x88"}) +
                         tuple({integer(3), text(order)}) + "b",
                     "C" + std::string(1, static_cast<char>(bytes.size())) + bytes}) +
               ".";
    };
    REQUIRE(*read(scalar("f8", "<", raw(2.5))).tree.root().real() == 2.5);
    REQUIRE(*read(scalar("f4", "<", raw(-0.5F))).tree.root().real() == -0.5);
    REQUIRE(*read(scalar("i8", "<", raw(std::int64_t(-9)))).tree.root().integer() == std::int64_t(-9));
    REQUIRE(read(scalar("f8", ">", raw(2.5))).tree.root().kind() == DatumKind::Record);
    REQUIRE(read(scalar("f8", "<", "short")).tree.root().kind() == DatumKind::Record);
}

TEST_CASE("tensors and their storages") {
    const Pickle one = read(pickle(tensor(storage("HalfStorage", "7", 30), 2, {3, 4}, {1, 7})));
    REQUIRE(one.tree.root().kind() == DatumKind::Array);
    REQUIRE(one.tensors.size() == 1);
    REQUIRE(one.storages[0].key == "7");
    REQUIRE(one.storages[0].element == ElementType::F16);
    REQUIRE(one.tensors[0].layout.offset == std::int64_t(2));
    REQUIRE((one.tensors[0].layout.strides == std::vector<std::int64_t>{1, 7}));
    // A view of a storage in the legacy stream counts from where the view begins.
    const Pickle view = read(pickle(
        tensor(storage("FloatStorage", "1", 10, {tuple({text("2"), integer(4), integer(6)})}), 1, {5}, {1})));
    REQUIRE(view.tensors[0].layout.offset == std::int64_t(5));
    for (const std::string& parameter :
         {call(named("torch._utils", "_rebuild_parameter"), {anyTensor, "\x88", "N"}),
          call(named("torch.nn.parameter", "Parameter"), {anyTensor}) + tuple({"\x88", "N"}) + "b",
          call(named("torch._tensor", "_rebuild_from_type_v2"),
               {named("torch._utils", "_rebuild_tensor_v2"), named("torch", "Tensor"),
                tuple(
                    {storage("FloatStorage", "0", 24), integer(0), numbers({24}), numbers({1}), "\x89", "N"}),
                "N"}),
          call(named("torch._utils", "_rebuild_tensor"),
               {storage("FloatStorage", "0", 24), integer(0), numbers({24}), numbers({1})})}) {
        const Pickle pickle = read(parameter + ".");
        REQUIRE(pickle.tree.root().kind() == DatumKind::Array);
        REQUIRE(pickle.tensors.size() == 1);
    }
    // A class stands for itself with its source text beside it.
    const Pickle module = read(
        tuple({text("module"), named("__main__", "Net"), text("net.py"), text("import os")}) + "Q)\x81.");
    REQUIRE(module.tree.root().className() == "__main__.Net");
    // A storage of a type that is not read may stand there unused.
    REQUIRE(read(storage("ComplexFloatStorage", "0", 2) + ".").tensors.size() == 0);
}

namespace {

struct FaultsNamePlaceAndReasonRow {
    std::string row;
    std::string bytes;
    std::string reason;
};

std::vector<FaultsNamePlaceAndReasonRow> faultsNamePlaceAndReasonRows() {
    std::vector<FaultsNamePlaceAndReasonRow> rows;
    const auto row = [&](const char* name, const std::string& bytes, const char* reason) {
        rows.push_back({name, bytes, std::string(reason)});
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
    row("sparse", call(named("torch._utils", "_rebuild_sparse_tensor"), {}) + ".", "_rebuild_sparse_tensor");
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
        call(named("torch._utils", "_rebuild_tensor_v2"), {s, integer(0), tuple({text("4")}), numbers({1})}) +
            ".",
        "no whole number");
    row("huge shape",
        call(named("torch._utils", "_rebuild_tensor_v2"),
             {s, integer(0), tuple({"\x8A\x09" + std::string(8, '\0') + "\x01"}), numbers({1})}) +
            ".",
        "18446744073709551616, beyond 64 bits");
    row("view outside", storage("FloatStorage", "0", 10, {tuple({text("v"), integer(8), integer(3)})}) + ".",
        "outside of it");
    return rows;
}

} // namespace

TEST_CASE("faults name place and reason") {
    for (const FaultsNamePlaceAndReasonRow& row : faultsNamePlaceAndReasonRows()) {
        CAPTURE(row.row);
        const std::string& bytes = row.bytes;
        const std::string& reason = row.reason;
        const std::string message = fault(bytes);
        REQUIRE_MESSAGE(message.starts_with("p: byte "), message);
        REQUIRE_MESSAGE(message.find(reason) != std::string::npos, message);
    }
}

TEST_CASE("memory is bounded") {
    const std::string many(20'000, ']');
    REQUIRE(fault("(" + many + "t.", 16 << 20).empty());
    REQUIRE(fault("(" + many + "t.").find("MB beside its arrays") != std::string::npos);
    // Copies of one long text by a few bytes each.
    std::string copies = text(std::string(100'000, 'x')) + "q\x01";
    for (int i = 0; i < 100; ++i) copies += "0" + named("_codecs", "encode") + "h\x01\x85R";
    REQUIRE(fault(copies + ".").find("MB beside its arrays") != std::string::npos);
    REQUIRE(fault(std::string(1'000'001, 'N') + ".", 1 << 30).find("on the stack") != std::string::npos);
    REQUIRE(fault(std::string(200'000, '(') + ".", 1 << 30).find("nested") != std::string::npos);
}

TEST_CASE("shared and self referring data is plain") {
    const Pickle self = read("]q\x01h\x01\x61.");
    REQUIRE(self.tree.root()[std::size_t(0)].index() == self.tree.root().index());
    std::string bomb = ")";
    for (int i = 0; i < 64; ++i) bomb += "2\x86";
    REQUIRE(read(bomb + ".").tree.size() == 65);
    std::string deep = "]";
    for (int i = 0; i < 5'000; ++i) deep += "]";
    REQUIRE(fault(deep + std::string(5'000, 'a') + ".").empty());
    // Arguments that hold themselves must not call without end.
    REQUIRE(
        !fault(named("torch._tensor", "_rebuild_from_type_v2") + "q\x02]q\x01(h\x02h\x02h\x01eR.").empty());
}

TEST_CASE("every truncation is refused") {
    const std::string whole =
        pickle(dict({{"a", anyTensor}, {"b", object("x", "Y", dict({{"k", integer(70000)}}))}}));
    REQUIRE(fault(whole).empty());
    for (std::size_t length = 0; length < whole.size(); ++length)
        REQUIRE_MESSAGE(!fault(whole.substr(0, length)).empty(), std::to_string(length));
}

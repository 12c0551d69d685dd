// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <deque>
#include <string_view>
#include <unordered_map>

#include "core/base/error.h"
#include "core/io/container/pickle.h"

namespace attn {

/// The machine that executes a pickle, producing data only: a stack of node indices with marks, and a memo.
/// For its own .cpp files only.
class PickleMachine {
public:
    PickleMachine(std::span<const std::byte> bytes, const std::string& where, std::size_t mostMemory)
        : m_bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
          m_where(where),
          m_mostMemory(mostMemory) {
        m_smallIntegers.fill(-1);
    }

    Pickle run();

private:
    // pickle.cpp: the operations
    bool pushText(unsigned char operation);
    bool pushNumber(unsigned char operation);
    bool gatherItems(unsigned char operation);
    bool moveOnStack(unsigned char operation);
    bool makeObject(unsigned char operation);

    [[noreturn]] void fault(const std::string& what, ErrorKind kind = ErrorKind::Data) const;
    /// Accounts for memory; throws beyond the limit.
    void charge(std::size_t bytes);

    std::string_view take(std::uint64_t count);
    std::string_view line();
    /// A little-endian number of that type.
    template <typename Number>
    Number number();

    void push(int node);
    int pop();
    int top() const;
    void mark();
    /// Pops everything above the topmost mark, and the mark.
    std::vector<int> popMark();
    void remember(std::uint64_t index);
    void recall(std::uint64_t index);

    Datum& node(int index) { return m_result.tree.node(index); }
    const Datum& node(int index) const { return m_result.tree.node(index); }
    int add(Datum datum);
    int addInteger(std::int64_t value);
    int addDecimal(std::string_view digits);
    int addText(std::string text);
    /// Text if it is UTF-8, else Bytes: Python 2 has one type for both.
    int addString(std::string bytes);
    int addBytes(std::string bytes);
    int addList(std::vector<int> items);
    int addRecord(std::string className, std::vector<int> items = {});
    int addClass(std::string_view module, std::string_view name);
    const std::vector<int>& argumentsOf(int list) const;
    void append(int to, std::span<const int> items);
    void setItems(int to, std::span<const int> keysAndValues);

    // pickle_objects.cpp: what names and persistent ids stand for
    /// Meanings of the names that are known; all others are Other.
    enum class Meaning {
        Other,
        Dict,
        List,
        Bytes,
        Encode,
        Tensor,
        TensorOfType,
        OtherTensor,
        Parameter,
        Reconstructor,
        NumpyScalar,
    };
    static Meaning meaningOf(std::string_view className);
    /// The object that calling the node `callee` with the List `arguments` would make.
    int reduce(int callee, int arguments);
    void build(int object, int state);
    int persistent(int id);

    int makeDict(const std::vector<int>& arguments);
    int makeList(const std::vector<int>& arguments);
    int makeBytes(const std::vector<int>& arguments);
    int makeTensor(const std::vector<int>& arguments);
    /// -1 if it is not understood.
    int makeNumpyScalar(const std::vector<int>& arguments);
    int makeStorage(const std::vector<int>& id);
    std::vector<std::int64_t> integers(int list, const char* what) const;
    std::int64_t integer(int index, const char* what) const;

    static constexpr std::size_t allocation = 16; ///< overhead of one, in bytes

    std::string_view m_bytes;
    const std::string& m_where;
    std::size_t m_mostMemory;
    std::size_t m_memory = 0;
    std::size_t m_position = 0;
    std::size_t m_operation = 0; ///< offset of the current operation
    std::vector<int> m_stack;
    std::vector<std::size_t> m_marks;
    std::deque<int> m_memo;                     ///< -1: nothing
    std::unordered_map<int, Meaning> m_classes; ///< nodes that are names of classes and functions
    std::unordered_map<int, int> m_storages;    ///< nodes that are storages: index in the result
    std::array<int, 256> m_smallIntegers;
    int m_none = -1, m_true = -1, m_false = -1;
    Pickle m_result;
};

/// Decimal digits of a two's complement number, little-endian, of any length.
std::string decimalOf(std::string_view twosComplement);
/// The text of a Python 2 literal in quotes, with its escapes; nothing if it is not one.
std::optional<std::string> unquoted(std::string_view literal);
/// The UTF-8 of Latin-1 with \uXXXX and \UXXXXXXXX.
std::string unescaped(std::string_view rawUnicodeEscape);

} // namespace attn

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/pickle.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "core/base/json_text.h"
#include "core/io/container/pickle_machine.h"
#include "core/io/container/utf8.h"

namespace attn {

namespace {

constexpr std::size_t mostIntegerBytes = 256; // 10^616
constexpr int newestProtocol = 5;

/// The operations of protocols 0 to 5 that are carried out, by their letters in the format.
enum Operation : unsigned char {
    Mark = '(',
    Stop = '.',
    Pop = '0',
    PopMark = '1',
    Dup = '2',
    Float = 'F',
    Int = 'I',
    BinInt = 'J',
    BinInt1 = 'K',
    Long = 'L',
    BinInt2 = 'M',
    None = 'N',
    PersId = 'P',
    BinPersId = 'Q',
    Reduce = 'R',
    String = 'S',
    BinString = 'T',
    ShortBinString = 'U',
    Unicode = 'V',
    BinUnicode = 'X',
    Append = 'a',
    Build = 'b',
    Global = 'c',
    Dict = 'd',
    EmptyDict = '}',
    Appends = 'e',
    Get = 'g',
    BinGet = 'h',
    Inst = 'i',
    LongBinGet = 'j',
    List = 'l',
    EmptyList = ']',
    Obj = 'o',
    Put = 'p',
    BinPut = 'q',
    LongBinPut = 'r',
    SetItem = 's',
    Tuple = 't',
    EmptyTuple = ')',
    SetItems = 'u',
    BinFloat = 'G',
    BinBytes = 'B',
    ShortBinBytes = 'C',
    Proto = 0x80,
    NewObj,
    Ext1,
    Ext2,
    Ext4,
    Tuple1,
    Tuple2,
    Tuple3,
    NewTrue,
    NewFalse,
    Long1,
    Long4,
    ShortBinUnicode,
    BinUnicode8,
    BinBytes8,
    EmptySet,
    AddItems,
    FrozenSet,
    NewObjEx,
    StackGlobal,
    Memoize,
    Frame,
    ByteArray8,
    NextBuffer,
    ReadonlyBuffer,
};

} // namespace

template <typename Number>
Number PickleMachine::number() {
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
}

Pickle readPickle(std::span<const std::byte> bytes, const std::string& where, std::size_t mostMemory) {
    return PickleMachine(bytes, where, mostMemory).run();
}

Pickle PickleMachine::run() {
    while (true) {
        m_operation = m_position;
        const auto operation = static_cast<unsigned char>(take(1)[0]);
        if (operation == Stop) break;
        if (!pushText(operation) && !pushNumber(operation) && !gatherItems(operation) &&
            !moveOnStack(operation) && !makeObject(operation))
            fault("operation " + std::to_string(operation) + " is none that a checkpoint needs");
    }
    m_result.tree.setRoot(pop());
    m_result.size = m_position;
    return std::move(m_result);
}

bool PickleMachine::pushText(unsigned char operation) {
    switch (operation) {
        case BinUnicode:
            push(addText(std::string(take(number<std::uint32_t>()))));
            return true;
        case ShortBinUnicode:
            push(addText(std::string(take(number<std::uint8_t>()))));
            return true;
        case BinUnicode8:
            push(addText(std::string(take(number<std::uint64_t>()))));
            return true;
        case Unicode:
            push(addText(unescaped(line())));
            return true;
        case String: {
            auto text = unquoted(line());
            if (!text) fault("a string lacks its quotes or ends within an escape");
            push(addString(std::move(*text)));
            return true;
        }
        case BinString:
            push(addString(std::string(take(number<std::uint32_t>()))));
            return true;
        case ShortBinString:
            push(addString(std::string(take(number<std::uint8_t>()))));
            return true;
        case BinBytes:
            push(addBytes(std::string(take(number<std::uint32_t>()))));
            return true;
        case ShortBinBytes:
            push(addBytes(std::string(take(number<std::uint8_t>()))));
            return true;
        case BinBytes8:
        case ByteArray8:
            push(addBytes(std::string(take(number<std::uint64_t>()))));
            return true;
        default:
            return false;
    }
}

bool PickleMachine::pushNumber(unsigned char operation) {
    const auto single = [&](int& known, Datum datum) {
        if (known < 0) known = add(std::move(datum));
        push(known);
        return true;
    };
    const auto real = [&](double value) {
        push(add({.kind = DatumKind::Real, .real = value}));
        return true;
    };
    const auto longInteger = [&](std::string_view bytes) {
        if (bytes.size() > mostIntegerBytes)
            fault("an integer of " + std::to_string(bytes.size()) + " bytes; at most " +
                      std::to_string(mostIntegerBytes) + " are read",
                  ErrorKind::Limit);
        push(addDecimal(decimalOf(bytes)));
        return true;
    };
    switch (operation) {
        case None:
            return single(m_none, {});
        case NewTrue:
            return single(m_true, {.kind = DatumKind::Bool, .truth = true});
        case NewFalse:
            return single(m_false, {.kind = DatumKind::Bool});
        case BinInt:
            push(addInteger(number<std::int32_t>()));
            return true;
        case BinInt1:
            push(addInteger(number<std::uint8_t>()));
            return true;
        case BinInt2:
            push(addInteger(number<std::uint16_t>()));
            return true;
        case Int: {
            const std::string_view digits = line();
            if (digits == "01") return single(m_true, {.kind = DatumKind::Bool, .truth = true});
            if (digits == "00") return single(m_false, {.kind = DatumKind::Bool});
            push(addDecimal(digits));
            return true;
        }
        case Long: {
            std::string_view digits = line();
            if (digits.ends_with('L')) digits.remove_suffix(1);
            push(addDecimal(digits));
            return true;
        }
        case Long1:
            return longInteger(take(number<std::uint8_t>()));
        case Long4: // signed in the format; a negative length is too long
            return longInteger(take(number<std::uint32_t>()));
        case Float: {
            const std::string_view text = line();
            double value = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            if (error == std::errc::invalid_argument || end != text.data() + text.size())
                fault("\"" + shortened(soundUtf8(text), 60) + "\" is not a number");
            return real(value);
        }
        case BinFloat: { // the one big-endian number of the format
            std::string bytes(take(8));
            std::reverse(bytes.begin(), bytes.end());
            double value = 0;
            std::memcpy(&value, bytes.data(), sizeof value);
            return real(value);
        }
        default:
            return false;
    }
}

bool PickleMachine::gatherItems(unsigned char operation) {
    const auto tuple = [&](int count) {
        std::vector<int> items(static_cast<std::size_t>(count));
        for (auto item = items.rbegin(); item != items.rend(); ++item) *item = pop();
        push(addList(std::move(items)));
        return true;
    };
    switch (operation) {
        case EmptyTuple:
            return tuple(0);
        case Tuple1:
            return tuple(1);
        case Tuple2:
            return tuple(2);
        case Tuple3:
            return tuple(3);
        case EmptyList:
        case EmptySet:
            push(addList({}));
            return true;
        case EmptyDict:
            push(add({.kind = DatumKind::Dict}));
            return true;
        case Tuple:
        case List:
        case FrozenSet:
            push(addList(popMark()));
            return true;
        case Dict: {
            const std::vector<int> items = popMark();
            push(add({.kind = DatumKind::Dict}));
            setItems(top(), items);
            return true;
        }
        case Append: {
            const int item = pop();
            append(top(), {&item, 1});
            return true;
        }
        case Appends:
        case AddItems: {
            const std::vector<int> items = popMark();
            append(top(), items);
            return true;
        }
        case SetItem: {
            const int value = pop(), key = pop();
            const std::array pair{key, value};
            setItems(top(), pair);
            return true;
        }
        case SetItems: {
            const std::vector<int> items = popMark();
            setItems(top(), items);
            return true;
        }
        default:
            return false;
    }
}

bool PickleMachine::moveOnStack(unsigned char operation) {
    const auto decimalLine = [&] {
        const std::string_view digits = line();
        std::uint64_t index = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
        if (error != std::errc() || end != digits.data() + digits.size())
            fault("a number in the memo is not one");
        return index;
    };
    switch (operation) {
        case Proto:
            if (const int protocol = number<std::uint8_t>(); protocol > newestProtocol)
                fault("is written in protocol " + std::to_string(protocol) + "; protocols up to " +
                      std::to_string(newestProtocol) + " are read");
            return true;
        case Frame:
            take(8);
            return true;
        case Mark:
            mark();
            return true;
        case Pop:
            if (!m_marks.empty() && m_marks.back() == m_stack.size())
                m_marks.pop_back();
            else
                pop();
            return true;
        case PopMark:
            popMark();
            return true;
        case Dup:
            push(top());
            return true;
        case Put:
            remember(decimalLine());
            return true;
        case BinPut:
            remember(number<std::uint8_t>());
            return true;
        case LongBinPut:
            remember(number<std::uint32_t>());
            return true;
        case Memoize:
            remember(m_memo.size());
            return true;
        case Get:
            recall(decimalLine());
            return true;
        case BinGet:
            recall(number<std::uint8_t>());
            return true;
        case LongBinGet:
            recall(number<std::uint32_t>());
            return true;
        default:
            return false;
    }
}

bool PickleMachine::makeObject(unsigned char operation) {
    switch (operation) {
        case Global: {
            const std::string_view module = line();
            push(addClass(module, line()));
            return true;
        }
        case StackGlobal: {
            const int name = pop(), module = pop();
            if (node(name).kind != DatumKind::Text || node(module).kind != DatumKind::Text)
                fault("the name of a class is not a text");
            push(addClass(node(module).text, node(name).text));
            return true;
        }
        case Reduce:
        case NewObj: {
            const int arguments = pop(), callee = pop();
            push(reduce(callee, arguments));
            return true;
        }
        case NewObjEx: {
            const int named = pop(), arguments = pop(), callee = pop();
            if (node(named).kind != DatumKind::Dict) fault("named arguments are not a dict");
            const int object = reduce(callee, arguments);
            if (!node(named).entries.empty()) build(object, named);
            push(object);
            return true;
        }
        case Inst: {
            const std::string_view module = line();
            const int callee = addClass(module, line());
            push(reduce(callee, addList(popMark())));
            return true;
        }
        case Obj: {
            std::vector<int> items = popMark();
            if (items.empty()) fault("an object without a class");
            const int callee = items.front();
            items.erase(items.begin());
            push(reduce(callee, addList(std::move(items))));
            return true;
        }
        case Build: {
            const int state = pop();
            build(top(), state);
            return true;
        }
        case BinPersId:
            push(persistent(pop()));
            return true;
        case PersId:
            push(persistent(addText(std::string(line()))));
            return true;
        default:
            return false;
    }
}

} // namespace attn

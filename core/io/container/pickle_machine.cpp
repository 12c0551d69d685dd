// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/pickle_machine.h"

#include <charconv>

#include "core/base/json_text.h"
#include "core/io/container/utf8.h"

namespace attn {

namespace {

constexpr std::size_t mostStack = 1'000'000;
constexpr std::size_t mostMarks = 100'000; // on it

} // namespace

void PickleMachine::fault(const std::string& what, ErrorKind kind) const {
    throw Error(kind, m_where + ": byte " + std::to_string(m_operation) + " of the pickle: " + what);
}

void PickleMachine::charge(std::size_t bytes) {
    m_memory += bytes;
    if (m_memory > m_mostMemory)
        fault("it unpacks to more than " + std::to_string(m_mostMemory >> 20) +
                  " MB beside its arrays; save the model's parameters alone",
              ErrorKind::Limit);
}

std::string_view PickleMachine::take(std::uint64_t count) {
    if (count > m_bytes.size() - m_position)
        fault("the pickle ends early: " + std::to_string(count) + (count == 1 ? " byte" : " bytes") +
              " expected, " + std::to_string(m_bytes.size() - m_position) +
              " left; the file may have been cut short");
    const std::string_view taken = m_bytes.substr(m_position, static_cast<std::size_t>(count));
    m_position += taken.size();
    return taken;
}

std::string_view PickleMachine::line() {
    const std::size_t end = m_bytes.find('\n', m_position);
    if (end == std::string_view::npos)
        fault("the pickle ends early: within a line; the file may have been cut short");
    const std::string_view text = take(end - m_position);
    take(1);
    return text;
}

void PickleMachine::push(int node) {
    if (m_stack.size() >= mostStack)
        fault("more than " + std::to_string(mostStack) + " things on the stack", ErrorKind::Limit);
    m_stack.push_back(node);
}

int PickleMachine::pop() {
    const int node = top();
    m_stack.pop_back();
    return node;
}

int PickleMachine::top() const {
    if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back()))
        fault("takes from the stack what is not there");
    return m_stack.back();
}

void PickleMachine::mark() {
    if (m_marks.size() >= mostMarks)
        fault("nested more than " + std::to_string(mostMarks) + " deep", ErrorKind::Limit);
    m_marks.push_back(m_stack.size());
}

std::vector<int> PickleMachine::popMark() {
    if (m_marks.empty()) fault("looks for a mark that is not there");
    const auto begin = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
    std::vector<int> items(begin, m_stack.end());
    m_stack.erase(begin, m_stack.end());
    m_marks.pop_back();
    return items;
}

void PickleMachine::remember(std::uint64_t index) {
    // Picklers number what they remember one after another, and each number takes a byte of the pickle.
    if (index > m_position)
        fault("remembers something under number " + std::to_string(index) +
              ", which no pickler does so early");
    if (index >= m_memo.size()) {
        charge((index + 1 - m_memo.size()) * sizeof(int));
        m_memo.resize(index + 1, -1);
    }
    m_memo[index] = top();
}

void PickleMachine::recall(std::uint64_t index) {
    if (index >= m_memo.size() || m_memo[index] < 0)
        fault("recalls number " + std::to_string(index) + ", which was never remembered");
    push(m_memo[index]);
}

int PickleMachine::add(Datum datum) {
    charge(sizeof datum + (datum.text.size() < allocation ? 0 : datum.text.capacity() + allocation) +
           (datum.items.empty() ? 0 : datum.items.capacity() * sizeof(int) + allocation));
    return m_result.tree.add(std::move(datum));
}

int PickleMachine::addInteger(std::int64_t value) {
    if (value < 0 || value >= static_cast<std::int64_t>(m_smallIntegers.size()))
        return add({.kind = DatumKind::Integer, .integer = value});
    int& known = m_smallIntegers[static_cast<std::size_t>(value)];
    if (known < 0) known = add({.kind = DatumKind::Integer, .integer = value});
    return known;
}

int PickleMachine::addDecimal(std::string_view digits) {
    std::int64_t value = 0;
    const char* end = digits.data() + digits.size();
    if (const auto [at, error] = std::from_chars(digits.data(), end, value);
        error == std::errc() && at == end)
        return addInteger(value);
    const std::string_view unsignedDigits = digits.substr(digits.starts_with('-') ? 1 : 0);
    if (unsignedDigits.empty() || unsignedDigits.find_first_not_of("0123456789") != std::string_view::npos)
        fault("\"" + shortened(soundUtf8(digits), 60) + "\" is not a whole number");
    return add({.kind = DatumKind::Integer, .text = std::string(digits)});
}

int PickleMachine::addText(std::string text) {
    if (!isUtf8(text)) text = soundUtf8(text);
    return add({.kind = DatumKind::Text, .text = std::move(text)});
}

int PickleMachine::addString(std::string bytes) {
    const DatumKind kind = isUtf8(bytes) ? DatumKind::Text : DatumKind::Bytes;
    return add({.kind = kind, .text = std::move(bytes)});
}

int PickleMachine::addBytes(std::string bytes) {
    return add({.kind = DatumKind::Bytes, .text = std::move(bytes)});
}

int PickleMachine::addList(std::vector<int> items) {
    return add({.kind = DatumKind::List, .items = std::move(items)});
}

int PickleMachine::addRecord(std::string className, std::vector<int> items) {
    return add({.kind = DatumKind::Record, .text = std::move(className), .items = std::move(items)});
}

int PickleMachine::addClass(std::string_view module, std::string_view name) {
    const std::string className = soundUtf8(std::string(module) + "." + std::string(name));
    const int index = addRecord(className);
    m_classes.emplace(index, meaningOf(className));
    charge(sizeof(std::pair<int, Meaning>) + 2 * allocation);
    return index;
}

void PickleMachine::append(int to, std::span<const int> items) {
    Datum& list = node(to);
    if (list.kind != DatumKind::List && list.kind != DatumKind::Record)
        fault("appends to something that is no list");
    const std::size_t before = list.items.capacity();
    list.items.insert(list.items.end(), items.begin(), items.end());
    charge((list.items.capacity() - before) * sizeof(int) + (before ? 0 : allocation));
}

void PickleMachine::setItems(int to, std::span<const int> keysAndValues) {
    Datum& dict = node(to);
    if (dict.kind != DatumKind::Dict && dict.kind != DatumKind::Record)
        fault("sets items of something that is no dict");
    if (keysAndValues.size() % 2 != 0) fault("sets items, but the last key has no value");
    const std::size_t before = dict.entries.capacity();
    for (std::size_t i = 0; i < keysAndValues.size(); i += 2)
        dict.entries.emplace_back(keysAndValues[i], keysAndValues[i + 1]);
    charge((dict.entries.capacity() - before) * sizeof(dict.entries[0]) + (before ? 0 : allocation));
}

const std::vector<int>& PickleMachine::argumentsOf(int list) const {
    if (node(list).kind != DatumKind::List) fault("the arguments of a call are not a tuple");
    return node(list).items;
}

} // namespace attn

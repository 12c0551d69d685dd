// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "core/base/json_text.h"
#include "core/io/container/pickle_machine.h"
#include "core/io/container/utf8.h"

namespace attn {

namespace {

std::optional<ElementType> elementOf(std::string_view storageType) {
    constexpr std::array types{
        std::pair{std::string_view("DoubleStorage"), ElementType::F64},
        std::pair{std::string_view("FloatStorage"), ElementType::F32},
        std::pair{std::string_view("HalfStorage"), ElementType::F16},
        std::pair{std::string_view("BFloat16Storage"), ElementType::BF16},
        std::pair{std::string_view("LongStorage"), ElementType::I64},
        std::pair{std::string_view("IntStorage"), ElementType::I32},
        std::pair{std::string_view("ShortStorage"), ElementType::I16},
        std::pair{std::string_view("CharStorage"), ElementType::I8},
        std::pair{std::string_view("ByteStorage"), ElementType::U8},
        std::pair{std::string_view("BoolStorage"), ElementType::Bool},
    };
    for (const std::string_view prefix : {"torch.cuda.", "torch.storage.", "torch."})
        if (storageType.starts_with(prefix)) {
            storageType.remove_prefix(prefix.size());
            break;
        }
    const auto at =
        std::find_if(types.begin(), types.end(), [&](const auto& t) { return t.first == storageType; });
    return at == types.end() ? std::nullopt : std::optional(at->second);
}

template <typename Number>
Number numberIn(const std::string& bytes) {
    Number number;
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
}

} // namespace

PickleMachine::Meaning PickleMachine::meaningOf(std::string_view className) {
    using enum Meaning;
    // Python 2 calls its module of builtins otherwise.
    constexpr std::array meanings{
        std::pair{std::string_view("collections.OrderedDict"), Dict},
        std::pair{std::string_view("collections.defaultdict"), Dict},
        std::pair{std::string_view("collections.Counter"), Dict},
        std::pair{std::string_view("builtins.dict"), Dict},
        std::pair{std::string_view("__builtin__.dict"), Dict},
        std::pair{std::string_view("builtins.set"), List},
        std::pair{std::string_view("__builtin__.set"), List},
        std::pair{std::string_view("builtins.frozenset"), List},
        std::pair{std::string_view("__builtin__.frozenset"), List},
        std::pair{std::string_view("builtins.list"), List},
        std::pair{std::string_view("__builtin__.list"), List},
        std::pair{std::string_view("builtins.tuple"), List},
        std::pair{std::string_view("__builtin__.tuple"), List},
        std::pair{std::string_view("torch.Size"), List},
        std::pair{std::string_view("builtins.bytearray"), Bytes},
        std::pair{std::string_view("__builtin__.bytearray"), Bytes},
        std::pair{std::string_view("builtins.bytes"), Bytes},
        std::pair{std::string_view("__builtin__.bytes"), Bytes},
        std::pair{std::string_view("_codecs.encode"), Encode},
        std::pair{std::string_view("torch._utils._rebuild_tensor"), Tensor},
        std::pair{std::string_view("torch._utils._rebuild_tensor_v2"), Tensor},
        std::pair{std::string_view("torch._tensor._rebuild_from_type_v2"), TensorOfType},
        std::pair{std::string_view("torch._utils._rebuild_tensor_v3"), OtherTensor},
        std::pair{std::string_view("torch._utils._rebuild_qtensor"), OtherTensor},
        std::pair{std::string_view("torch._utils._rebuild_sparse_tensor"), OtherTensor},
        std::pair{std::string_view("torch._utils._rebuild_sparse_csr_tensor"), OtherTensor},
        std::pair{std::string_view("torch._utils._rebuild_nested_tensor"), OtherTensor},
        std::pair{std::string_view("torch._utils._rebuild_meta_tensor_no_storage"), OtherTensor},
        std::pair{std::string_view("torch._utils._rebuild_parameter"), Parameter},
        std::pair{std::string_view("torch._utils._rebuild_parameter_with_state"), Parameter},
        std::pair{std::string_view("torch.nn.parameter.Parameter"), Parameter},
        std::pair{std::string_view("torch.autograd.variable.Variable"), Parameter},
        std::pair{std::string_view("copyreg._reconstructor"), Reconstructor},
        std::pair{std::string_view("copy_reg._reconstructor"), Reconstructor},
        std::pair{std::string_view("numpy.core.multiarray.scalar"), NumpyScalar},
        std::pair{std::string_view("numpy._core.multiarray.scalar"), NumpyScalar},
    };
    const auto at =
        std::find_if(meanings.begin(), meanings.end(), [&](const auto& m) { return m.first == className; });
    return at == meanings.end() ? Other : at->second;
}

int PickleMachine::reduce(int callee, int argumentList) {
    const std::vector<int>& arguments = argumentsOf(argumentList);
    if (node(callee).kind != DatumKind::Record) fault("calls something that is no class or function");
    const auto known = m_classes.find(callee);
    switch (known == m_classes.end() ? Meaning::Other : known->second) {
        case Meaning::Dict:
            return makeDict(arguments);
        case Meaning::List:
            return makeList(arguments);
        case Meaning::Bytes:
        case Meaning::Encode:
            return makeBytes(arguments);
        case Meaning::Tensor:
            return makeTensor(arguments);
        case Meaning::TensorOfType: {
            if (arguments.size() < 3) fault("a tensor of a type of its own lacks arguments");
            const auto maker = m_classes.find(arguments[0]);
            if (maker == m_classes.end() ||
                (maker->second != Meaning::Tensor && maker->second != Meaning::Parameter))
                fault("holds a tensor made by " + shortened(node(arguments[0]).text, 100) +
                          ", a kind that is not read; save the model with plain tensors",
                      ErrorKind::Unsupported);
            return reduce(arguments[0], arguments[2]);
        }
        case Meaning::OtherTensor:
            fault(
                "holds a tensor made by " + node(callee).text +
                    ", a kind that is not read (quantised, sparse, without data); save the model with plain "
                    "tensors",
                ErrorKind::Unsupported);
        case Meaning::Parameter:
            if (arguments.empty() || node(arguments[0]).kind != DatumKind::Array)
                fault("a parameter without its tensor");
            return arguments[0];
        case Meaning::Reconstructor: {
            if (arguments.size() != 3 || node(arguments[0]).kind != DatumKind::Record)
                fault("an object is made again from something that is no class");
            const int object = addRecord(node(arguments[0]).text);
            if (node(arguments[2]).kind == DatumKind::Dict) build(object, arguments[2]);
            return object;
        }
        case Meaning::NumpyScalar:
            if (const int scalar = makeNumpyScalar(arguments); scalar >= 0) return scalar;
            break;
        case Meaning::Other:
            break;
    }
    return addRecord(node(callee).text, arguments);
}

void PickleMachine::build(int object, int state) {
    Datum& target = node(object);
    switch (target.kind) {
        case DatumKind::Dict:  // an OrderedDict's "_metadata": versions of modules
        case DatumKind::Array: // a parameter's flags
        case DatumKind::List:
            return;
        case DatumKind::Record:
            break;
        default:
            fault("sets the state of something that is no object");
    }
    const auto take = [&](int dict) {
        std::vector<int> flat;
        for (const auto& [key, value] : node(dict).entries) {
            flat.push_back(key);
            flat.push_back(value);
        }
        setItems(object, flat);
    };
    const Datum& given = node(state);
    if (given.kind == DatumKind::Dict) return take(state);
    // An object with slots has a pair of dicts, either of which may be None.
    const auto isHalf = [&](int half) {
        return node(half).kind == DatumKind::Dict || node(half).kind == DatumKind::None;
    };
    if (given.kind == DatumKind::List && given.items.size() == 2 && isHalf(given.items[0]) &&
        isHalf(given.items[1])) {
        const std::array halves{given.items[0], given.items[1]};
        for (const int half : halves)
            if (node(half).kind == DatumKind::Dict) take(half);
        return;
    }
    const std::array entry{addText("__state__"), state};
    setItems(object, entry);
}

int PickleMachine::makeDict(const std::vector<int>& arguments) {
    const int dict = add({.kind = DatumKind::Dict});
    if (arguments.empty()) return dict;
    // A dict, or a list of pairs; a defaultdict has its factory in front, which is a class or None.
    std::vector<int> flat;
    const Datum& content = node(arguments.back());
    if (content.kind == DatumKind::Dict)
        for (const auto& [key, value] : content.entries) {
            flat.push_back(key);
            flat.push_back(value);
        }
    else if (content.kind == DatumKind::List)
        for (const int item : content.items) {
            const Datum& pair = node(item);
            if (pair.kind != DatumKind::List || pair.items.size() != 2)
                fault("a dict is made of something that is no pair");
            flat.push_back(pair.items[0]);
            flat.push_back(pair.items[1]);
        }
    else if (content.kind != DatumKind::Record && content.kind != DatumKind::None)
        fault("a dict is made of something that is neither dict nor list");
    setItems(dict, flat);
    return dict;
}

int PickleMachine::makeList(const std::vector<int>& arguments) {
    if (arguments.empty()) return addList({});
    if (node(arguments[0]).kind != DatumKind::List)
        fault("a list, tuple or set is made of something that is none");
    return addList(node(arguments[0]).items);
}

int PickleMachine::makeBytes(const std::vector<int>& arguments) {
    if (arguments.empty()) return addBytes({});
    const Datum& content = node(arguments[0]);
    if (content.kind == DatumKind::Bytes) return addBytes(content.text);
    if (content.kind != DatumKind::Text) fault("bytes are made of something that is neither bytes nor text");
    const std::string encoding = arguments.size() > 1 ? node(arguments[1]).text : "";
    if (encoding != "latin1" && encoding != "latin-1") return addBytes(content.text);
    auto bytes = utf8ToLatin1(content.text);
    if (!bytes) fault("a text that stands for bytes has a character that is none");
    return addBytes(std::move(*bytes));
}

int PickleMachine::makeTensor(const std::vector<int>& arguments) {
    if (arguments.size() < 4) fault("a tensor lacks storage, offset, size or stride");
    const auto at = m_storages.find(arguments[0]);
    if (at == m_storages.end()) fault("a tensor lies in something that is no storage");
    const PickledStorage& storage = m_result.storages[static_cast<std::size_t>(at->second)];
    if (!storage.element)
        fault("a tensor lies in a " + shortened(storage.type, 100) +
                  ", which is not read; save the model's parameters as float32",
              ErrorKind::Unsupported);
    PickledTensor tensor{at->second,
                         {*storage.element, integers(arguments[2], "the size of a tensor"),
                          integers(arguments[3], "the stride of a tensor"),
                          integer(arguments[1], "the offset of a tensor"), false}};
    if (const std::string what = faultOf(tensor.layout, storage.viewElements); !what.empty())
        fault("a tensor in storage " + shortened(storage.key, 100) + " " + what);
    tensor.layout.offset += storage.viewBegin;
    charge(sizeof tensor + 2 * (allocation + tensor.layout.shape.size() * sizeof(std::int64_t)));
    m_result.tensors.push_back(std::move(tensor));
    return add({.kind = DatumKind::Array, .array = static_cast<int>(m_result.tensors.size()) - 1});
}

int PickleMachine::makeNumpyScalar(const std::vector<int>& arguments) {
    if (arguments.size() != 2) return -1;
    const Datum& dtype = node(arguments[0]);
    const Datum& content = node(arguments[1]);
    if (dtype.kind != DatumKind::Record || dtype.text != "numpy.dtype" || dtype.items.empty()) return -1;
    if (content.kind != DatumKind::Bytes && content.kind != DatumKind::Text) return -1;
    const DataView state = DataView(m_result.tree, arguments[0])["__state__"];
    if (state[std::size_t(1)].text().value_or("<") == ">") return -1;
    const std::string& type = node(dtype.items[0]).text;
    const std::string& bytes = content.text;
    const auto is = [&](std::string_view name, std::size_t size) {
        return type == name && bytes.size() == size;
    };
    const auto real = [&](double value) { return add({.kind = DatumKind::Real, .real = value}); };
    if (is("f8", 8)) return real(numberIn<double>(bytes));
    if (is("f4", 4)) return real(static_cast<double>(numberIn<float>(bytes)));
    if (is("i8", 8)) return addInteger(numberIn<std::int64_t>(bytes));
    if (is("i4", 4)) return addInteger(numberIn<std::int32_t>(bytes));
    if (is("b1", 1)) return add({.kind = DatumKind::Bool, .truth = bytes[0] != 0});
    return -1;
}

int PickleMachine::persistent(int id) {
    const Datum& tuple = node(id);
    if (tuple.kind != DatumKind::List || tuple.items.empty() || node(tuple.items[0]).kind != DatumKind::Text)
        fault("a persistent id is no tuple that begins with a text");
    const std::string& tag = node(tuple.items[0]).text;
    if (tag == "storage") return makeStorage(tuple.items);
    // ("module", class, source file, source text): the class by itself
    if (tag == "module" && tuple.items.size() > 1) return tuple.items[1];
    fault("a persistent id of kind \"" + shortened(tag, 60) + "\"; storage and module are known");
}

int PickleMachine::makeStorage(const std::vector<int>& id) {
    if (id.size() < 5) fault("a storage lacks type, key, place or size");
    const Datum& type = node(id[1]);
    const Datum& key = node(id[2]);
    if (type.kind != DatumKind::Record) fault("the type of a storage is no class");
    if (key.kind != DatumKind::Text) fault("the key of a storage is no text");
    PickledStorage storage{key.text, type.text, elementOf(type.text), integer(id[4], "the size of a storage"),
                           0,        0};
    if (storage.elements < 0) fault("storage " + shortened(storage.key, 100) + " has a negative size");
    storage.viewElements = storage.elements;
    // The sixth of the legacy stream: (key, begin, size) of a view of the storage, or None.
    if (id.size() > 5 && node(id[5]).kind == DatumKind::List) {
        const std::vector<int>& view = node(id[5]).items;
        if (view.size() != 3) fault("a view of a storage is no tuple of key, begin and size");
        storage.viewBegin = integer(view[1], "the begin of a view of a storage");
        storage.viewElements = integer(view[2], "the size of a view of a storage");
        if (storage.viewBegin < 0 || storage.viewElements < 0 || storage.viewBegin > storage.elements ||
            storage.viewElements > storage.elements - storage.viewBegin)
            fault("a view of storage " + shortened(storage.key, 100) + " lies outside of it");
    }
    const int index = addRecord(storage.type);
    charge(2 * sizeof storage + storage.key.size() + storage.type.size());
    m_storages.emplace(index, static_cast<int>(m_result.storages.size()));
    m_result.storages.push_back(std::move(storage));
    return index;
}

std::vector<std::int64_t> PickleMachine::integers(int list, const char* what) const {
    if (node(list).kind != DatumKind::List) fault(std::string(what) + " is no tuple");
    std::vector<std::int64_t> numbers;
    for (const int item : node(list).items) numbers.push_back(integer(item, what));
    return numbers;
}

std::int64_t PickleMachine::integer(int index, const char* what) const {
    const Datum& datum = node(index);
    if (datum.kind != DatumKind::Integer) fault(std::string(what) + " is no whole number");
    if (!datum.text.empty())
        fault(std::string(what) + " is " + shortened(datum.text, 60) + ", beyond 64 bits");
    return datum.integer;
}

} // namespace attn

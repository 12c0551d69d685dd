// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/attn/commands.h"
#include "app/attn/data_text.h"
#include "app/attn/output.h"
#include "core/io/container/archive.h"

namespace attn::cli {

namespace {

struct InspectCommand {
    std::string path;
    bool data = false, json = false;
    DataLimits limits;
};

const char* const examples =
    R"(The kind of a file is recognised by its first bytes, not its name. Nothing that it names is looked up, run or opened.

Examples:
  attn inspect model.pt
  attn inspect model.npz --data
  attn inspect checkpoint_last.pt --data --depth 3 --items 10
  attn inspect model.pt --json | python3 -m json.tool)";

std::string shapeText(const ArrayInfo& array) {
    std::string text;
    for (const std::int64_t extent : array.shape)
        text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text.empty() ? "scalar" : text;
}

/// Arrays may share their numbers, so that the sum can be beyond what a file of its size could hold.
std::int64_t numbersOf(const Archive& archive) {
    std::int64_t sum = 0;
    for (const ArrayInfo& array : archive.arrays())
        if (__builtin_add_overflow(sum, array.elements(), &sum)) return INT64_MAX;
    return sum;
}

std::string listing(const Archive& archive) {
    int nameWidth = 4, shapeWidth = 5;
    for (const ArrayInfo& array : archive.arrays()) {
        nameWidth = std::max(nameWidth, std::min(60, displayWidth(printable(array.name))));
        shapeWidth = std::max(shapeWidth, std::min(30, displayWidth(shapeText(array))));
    }
    std::string text = archive.path() + ": " + std::string(toText(archive.kind())) + ", " +
                       grouped(static_cast<long long>(archive.arrays().size())) + " arrays, " +
                       grouped(numbersOf(archive)) + " numbers\n";
    const auto line = [&](const std::string& name, std::string_view type, const std::string& shape,
                          const std::string& numbers) {
        text += "  " + padRight(name, nameWidth) + "  " + padRight(type, 8) + "  " +
                padRight(shape, shapeWidth) + "  " + padLeft(numbers, 14) + "\n";
    };
    if (!archive.arrays().empty()) line("name", "type", "shape", "numbers");
    for (const ArrayInfo& array : archive.arrays())
        line(printable(array.name), toText(array.type), shapeText(array), grouped(array.elements()));
    return text;
}

nlohmann::ordered_json asJson(const Archive& archive) {
    nlohmann::ordered_json json = {{"file", archive.path()},
                                   {"kind", toText(archive.kind())},
                                   {"numbers", numbersOf(archive)},
                                   {"arrays", nlohmann::ordered_json::array()}};
    for (const ArrayInfo& array : archive.arrays())
        json["arrays"].push_back({{"name", array.name},
                                  {"type", toText(array.type)},
                                  {"shape", array.shape},
                                  {"numbers", array.elements()}});
    return json;
}

void inspect(const InspectCommand& command) {
    const ArchivePtr archive = openArchive(command.path);
    nlohmann::ordered_json data;
    if (command.data) data = dataJson(*archive, command.limits);
    if (command.json) {
        nlohmann::ordered_json json = asJson(*archive);
        if (command.data) json["data"] = data;
        return print(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    }
    std::string text = listing(*archive);
    if (command.data)
        text += data.empty() ? "\nThere is nothing beside the arrays.\n"
                             : "\nBeside the arrays:\n" + dataText(data);
    print(text);
    if (!command.data) say("--data shows what the file holds beside the arrays.");
}

} // namespace

void addInspect(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("inspect", "List the arrays of any container, safely");
    auto options = std::make_shared<InspectCommand>();
    command
        ->add_option("FILE", options->path,
                     "safetensors, PyTorch (zip or stream), npy, npz, HDF5 or a Keras archive")
        ->required();
    CLI::Option* data =
        command->add_flag("--data", options->data, "Also show what the file holds beside the arrays");
    command->add_option("--depth", options->limits.depth, "With --data: levels that are shown")
        ->check(CLI::Range(1, 64))
        ->needs(data)
        ->capture_default_str();
    command->add_option("--items", options->limits.items, "With --data: entries of a list that are shown")
        ->check(CLI::Range(1, 1'000'000))
        ->needs(data)
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print JSON");
    command->footer(examples);
    command->callback([&session, options] { session.action = [options] { inspect(*options); }; });
}

} // namespace attn::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/model_choice.h"

#include <CLI/CLI.hpp>

#include "core/io/model_file.h"
#include "core/model/other_weights.h"

namespace attn::cli {

void addModelChoice(CLI::App& command, ModelChoice& choice) {
    command.add_option("MODEL", choice.name, "Name of a bundled model, or a model file")->required();
    command
        .add_option(
            "--weights", choice.bits,
            "Bits of a weight: 32, or 16, which rounds them for this run (bfloat16): a large model then "
            "decodes one sentence faster, and its numbers change a little")
        ->check(CLI::IsMember({16, 32}))
        ->type_name("INT")
        ->capture_default_str();
}

ModelPtr openChosen(const ModelChoice& choice) {
    const ModelPtr model = openModel(resolveModel(choice.name));
    return choice.bits == 16 ? withHalfWeights(*model) : model;
}

} // namespace attn::cli

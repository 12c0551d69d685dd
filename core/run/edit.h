// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/attention/attention_spec.h"
#include "core/attention/stage.h"
#include "core/base/fields.h"
#include "core/trace/site.h"
#include "core/trace/state.h"
#include "core/trace/step.h"

namespace attn {

/// What an edit changes.
enum class EditPlace {
    Attention, ///< a stage of attention at a site: scores, normalised weights, weights, a head's context,
               ///< gate
    Mask,      ///< which positions take part in attention at a site
    State,     ///< a decoder cell's state after a step, or before the first one
    Encoder,   ///< a state of a cell that reads an axis at once, at a position of that axis
    Vector,    ///< a vector of a decoder's step
    Output,    ///< the logits of a step
};
template <>
struct EnumNames<EditPlace> {
    static constexpr std::array names{
        std::pair{EditPlace::Attention, std::string_view("attention")},
        std::pair{EditPlace::Mask, std::string_view("mask")},
        std::pair{EditPlace::State, std::string_view("state")},
        std::pair{EditPlace::Encoder, std::string_view("encoder")},
        std::pair{EditPlace::Vector, std::string_view("vector")},
        std::pair{EditPlace::Output, std::string_view("output")},
    };
};

/// How an edit changes it.
enum class EditOperation {
    Set,       ///< to `values`; of a mask: the positions take part
    Add,       ///< `values` are added
    Scale,     ///< multiplied by `values`
    Off,       ///< to 0; of a mask: the positions do not take part
    Normalise, ///< stage normaliser: the scores are normalised by `normaliser` and `temperature` instead
};
template <>
struct EnumNames<EditOperation> {
    static constexpr std::array names{
        std::pair{EditOperation::Set, std::string_view("set")},
        std::pair{EditOperation::Add, std::string_view("add")},
        std::pair{EditOperation::Scale, std::string_view("scale")},
        std::pair{EditOperation::Off, std::string_view("off")},
        std::pair{EditOperation::Normalise, std::string_view("normalise")},
    };
};

/// One intervention: a place, and what happens to the value that passes there. Everything counts from 0.
struct Edit {
    EditPlace place = EditPlace::Attention;
    SiteKind site = SiteKind::Cross;          ///< attention, mask
    int layer = 0;                            ///< of the site or the cell
    int cell = 0;                             ///< state, encoder: CellPlace::cell
    bool backward = false;                    ///< of the site or the cell
    std::optional<int> head = {};             ///< attention, mask; absent: every head
    Stage stage = Stage::Factors;             ///< attention; factors: the weights that mix the values
    StatePart part = StatePart::Hidden;       ///< state, encoder: hidden or cell
    StepVector vector = StepVector::Features; ///< vector
    std::optional<int> step =
        {};               ///< the decoder's step, or the position an encoder's cell reads; absent: all
    bool initial = false; ///< state: before the first step
    /// Key position, unit, or token of the output; absent: every one.
    std::optional<int> position = {};
    EditOperation operation = EditOperation::Set;
    std::vector<double> values = {}; ///< one number, or without `position` one for each column
    Normaliser normaliser = Normaliser::Softmax;
    double temperature = 1;
    /// Attention at the stages normaliser and factors: the row is divided by its sum after the edit.
    bool renormalise = false;

    bool operator==(const Edit&) const = default;
};

template <typename Visitor>
void visitFields(auto& edit,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(edit)>, Edit> {
    visit("place", edit.place);
    visit("site", edit.site);
    visit("layer", edit.layer);
    visit("cell", edit.cell);
    visit("backward", edit.backward);
    visit("head", edit.head);
    visit("stage", edit.stage);
    visit("part", edit.part);
    visit("vector", edit.vector);
    visit("step", edit.step);
    visit("initial", edit.initial);
    visit("position", edit.position);
    visit("operation", edit.operation);
    visit("values", edit.values);
    visit("normaliser", edit.normaliser);
    visit("temperature", edit.temperature, above(0));
    visit("renormalise", edit.renormalise);
}

/// Every fault of a list of edits for a model with these sites: places that it does not have, operations that
/// a place does not know, values that are missing. "edits[0].head" is where.
Findings faultsOf(const std::vector<Edit>& edits, const std::vector<Site>& sites);

/// Reads a JSON list of edits. Throws Error(Data) with every fault of the text, naming `where`.
std::vector<Edit> readEdits(const std::string& json, const std::string& where);

} // namespace attn

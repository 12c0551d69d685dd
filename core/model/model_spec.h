// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <variant>

#include "core/model/encoder_decoder/spec.h"
#include "core/model/language_model/spec.h"
#include "core/trace/axis.h"
#include "core/trace/site.h"

namespace attn {

/// A model's wiring: everything but the numbers and the words. One alternative a family. Each has
///   family          the family's name in model files
///   Network<T>      its network (core/model/network.h), built from the spec and Parameters<T>
///   validate()      every fault, with the field's name
///   schema()        every parameter: the names and shapes that a model file must hold, no more and no fewer
///   sides()         the sides that a model must have
///   visitFields()   its fields, as model files have them
///   axesOf(spec), sitesOf(spec)   what a run's trace has (the family's record.h)
using ModelSpec = std::variant<EncoderDecoderSpec, LanguageModelSpec>;

inline std::string_view familyOf(const ModelSpec& spec) {
    return std::visit([](const auto& s) { return s.family; }, spec);
}
inline Findings validate(const ModelSpec& spec) {
    return std::visit([](const auto& s) { return s.validate(); }, spec);
}
inline Schema modelSchema(const ModelSpec& spec) {
    return std::visit([](const auto& s) { return s.schema(); }, spec);
}
inline std::vector<SideNeed> sidesOf(const ModelSpec& spec) {
    return std::visit([](const auto& s) { return s.sides(); }, spec);
}

/// The axes of a run's trace, without positions, and its sites, the main one first.
std::vector<Axis> axesOf(const ModelSpec& spec);
std::vector<Site> sitesOf(const ModelSpec& spec);

} // namespace attn

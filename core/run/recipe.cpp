// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/recipe.h"

#include "core/base/fields_json.h"
#include "core/base/hash.h"

namespace attn {

std::uint64_t Recipe::hash() const {
    return fnv1a(toJson(*this).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

} // namespace attn

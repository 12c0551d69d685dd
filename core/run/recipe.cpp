// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/recipe.h"

#include "core/base/fields_json.h"

namespace attn {

// FNV-1a over the canonical text, Fowler, Noll & Vo 1991.
std::uint64_t Recipe::hash() const {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const char c : toJson(*this).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return h;
}

} // namespace attn

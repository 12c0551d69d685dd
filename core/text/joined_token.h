// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace attn {

/// A token as it stands in the text that tokens are joined to.
struct JoinedToken {
    std::string text;
    bool blank = true; ///< a blank stands before it
};

} // namespace attn

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/base/enum_text.h"
#include "core/base/matrix.h"

namespace attn {

/// A part of a recurrent cell's state, or one of the gates that made it.
enum class StatePart { Hidden, Cell, Reset, Update, Input, Forget, Candidate, Output };
template <>
struct EnumNames<StatePart> {
    static constexpr std::array names{
        std::pair{StatePart::Hidden, std::string_view("hidden")},
        std::pair{StatePart::Cell, std::string_view("cell")},
        std::pair{StatePart::Reset, std::string_view("reset")},
        std::pair{StatePart::Update, std::string_view("update")},
        std::pair{StatePart::Input, std::string_view("input")},
        std::pair{StatePart::Forget, std::string_view("forget")},
        std::pair{StatePart::Candidate, std::string_view("candidate")},
        std::pair{StatePart::Output, std::string_view("output")},
    };
};

/// Which cell of a network: everything that names a recorded state.
struct CellPlace {
    int layer = 0;         ///< from 0, bottom first
    int cell = 0;          ///< 0: the one with an input; above it the cells that follow within the same step
    bool backward = false; ///< belongs to the column of layers that reads from the end

    bool operator==(const CellPlace&) const = default;
};

/// One cell after one step. The first part is the hidden state.
struct CellTrace {
    CellPlace place;
    struct Part {
        StatePart part = StatePart::Hidden;
        std::vector<float> values; ///< one number a unit
    };
    std::vector<Part> parts;
};

/// One cell along an axis that is read at once. The first part is the hidden state.
struct Track {
    int axis = 0; ///< index into Trace::axes
    CellPlace place;
    struct Part {
        StatePart part = StatePart::Hidden;
        Matrix<float> values; ///< positions x units
    };
    std::vector<Part> parts;
};

} // namespace attn

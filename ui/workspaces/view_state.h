// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <array>

#include "core/trace/state.h"
#include "ui/selection/pointing.h"
#include "ui/widgets/cell_map_geometry.h"
#include "ui/widgets/colour_map.h"

namespace attn::ui {

/// How the alignment is drawn.
struct AlignmentDisplay {
    MapName map = MapName::Ink;
    Scale scale = Scale::Linear;
    bool showValues = false;
    bool showRowMaxima = false;
    bool showOutOfScope = true;
    bool showGold = true;

    bool operator==(const AlignmentDisplay&) const = default;
};

/// Which cell and part of the states one strip shows; -1: the first there is.
struct StripChoice {
    int cell = -1;
    StatePart part = StatePart::Hidden;

    bool operator==(const StripChoice&) const = default;
};

/// Where the cursor stands in the lines of the question.
struct TextCursors {
    int source = -1; ///< -1: at the end
    int target = -1;
    enum class Focus { None, Source, Target };
    Focus focus = Focus::None; ///< which of them the keyboard is in

    bool operator==(const TextCursors&) const = default;
};

/// Everything that a person sees in a workspace beside the question and its answer: a plain value, with which
/// a workspace that is built anew shows the same again. What does not fit the answer is left out.
struct ViewState {
    int hypothesis = 0; ///< which of those found is shown, from 0, the best first
    int step = -1;      ///< the transport's; -1: the first
    Pointing pinned;    ///< with the main map's site and the promoted head
    AlignmentDisplay display;
    CellMapFrame frame;                ///< which part of the alignment is seen
    std::array<StripChoice, 2> strips; ///< encoder, decoder
    bool decoderUnit = true;           ///< which side the unit is of that is pointed at
    std::array<bool, 6> foldedCards{}; ///< by stage
    double stepsPerSecond = 2;         ///< 0.5 .. 20
    bool playing = false;
    QByteArray layout;  ///< of the docks; empty: as at first
    QString activeView; ///< name of the view used last; empty: the alignment
    TextCursors cursors;

    bool operator==(const ViewState&) const = default;
};

} // namespace attn::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "core/attention/tap.h"
#include "core/recurrent/recurrent_layer.h"
#include "core/recurrent/rnn.h"
#include "core/trace/site.h"
#include "core/trace/state.h"
#include "core/trace/step.h"

namespace attn {

/// A place in a network where a value passes and can be replaced. `kind` says which other fields count.
struct TapPlace {
    enum class Kind {
        Attention, ///< a stage of attention: site, layer, backward, head, stage; Scope through Taps::mask
        State,     ///< what a cell has reached: cell, part (hidden or cell), inEncoder, position or initial
        Vector,    ///< a vector of a step: vector
        Output,    ///< the logits of a step
    };
    Kind kind = Kind::Attention;
    SiteKind site = SiteKind::Cross;
    int layer = 0;
    bool backward = false;
    int head = 0;
    Stage stage = Stage::Score;
    CellPlace cell = {};
    StatePart part = StatePart::Hidden;
    bool inEncoder = false; ///< the cell reads an axis at once
    int position = 0;       ///< of a cell in the encoder: the position on its axis
    bool initial = false;   ///< of a decoder's cell: the state before the first step
    StepVector vector = StepVector::Features;
};

/// Callbacks through which interventions reach a network: each network hands them the values named above on
/// its way through encode(), start(), step() and output(). Empty callbacks cost nothing and change nothing.
template <typename T>
struct Taps {
    std::function<Var<T>(const TapPlace&, const Var<T>&)> value = {};
    std::function<void(const TapPlace&, AllowedMask&)> mask = {};
    /// Called by a search before each step, with its time.
    std::function<void(int time)> step = {};

    /// For the attention at a site.
    Tap<T> attention(SiteKind site, int layer = 0, bool backward = false) const {
        Tap<T> tap;
        TapPlace place;
        place.site = site, place.layer = layer, place.backward = backward;
        if (value)
            tap.value = [this, place](Stage stage, int head, const Var<T>& x) mutable {
                place.stage = stage, place.head = head;
                return value(place, x);
            };
        if (mask)
            tap.mask = [this, place](int head, AllowedMask& allowed) mutable {
                place.stage = Stage::Scope, place.head = head;
                mask(place, allowed);
            };
        return tap;
    }
    /// A decoder's cell after a step, or before the first one.
    CellState<T> state(const CellPlace& cell, const CellState<T>& state, bool initial = false) const {
        TapPlace place;
        place.kind = TapPlace::Kind::State, place.cell = cell, place.initial = initial;
        return replaced(place, state);
    }
    Var<T> vector(StepVector kind, const Var<T>& x) const {
        TapPlace place;
        place.kind = TapPlace::Kind::Vector, place.vector = kind;
        return value ? value(place, x) : x;
    }
    Var<T> output(const Var<T>& logits) const {
        TapPlace place;
        place.kind = TapPlace::Kind::Output;
        return value ? value(place, logits) : logits;
    }
    /// For one step of a decoder's layer; the attention of an lstmn is that at `site`.
    LayerTap<T> layer(int layer, SiteKind site) const {
        LayerTap<T> tap;
        tap.attention = attention(site, layer);
        if (value)
            tap.state = [=, this](int cell, const CellState<T>& reached) {
                return state({layer, cell, false}, reached);
            };
        return tap;
    }
    /// For the layers of an encoder.
    StackTap<T> encoder() const {
        if (!value) return {};
        return [this](int layer, bool backward, int position) {
            LayerTap<T> tap;
            tap.attention = attention(SiteKind::EncoderSelf, layer, backward);
            tap.state = [=, this](int cell, const CellState<T>& reached) {
                TapPlace place;
                place.kind = TapPlace::Kind::State, place.cell = {layer, cell, backward};
                place.inEncoder = true, place.position = position;
                return replaced(place, reached);
            };
            return tap;
        };
    }

private:
    CellState<T> replaced(TapPlace place, CellState<T> state) const {
        if (!value) return state;
        place.part = StatePart::Hidden;
        state.hidden = value(place, state.hidden);
        place.part = StatePart::Cell;
        if (state.cell.defined()) state.cell = value(place, state.cell);
        return state;
    }
};

} // namespace attn

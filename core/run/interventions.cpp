// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/interventions.h"

#include <algorithm>
#include <numeric>

#include "core/attention/normalise.h"

namespace attn {

namespace {

std::vector<float> rowOf(const Matrix<float>& x, int row) {
    return {x.row(row), x.row(row) + x.cols()};
}

template <typename T>
T& at(std::vector<T>& list, int index) {
    if (static_cast<int>(list.size()) <= index) list.resize(static_cast<std::size_t>(index) + 1);
    return list[static_cast<std::size_t>(index)];
}

EditPlace placeOf(const TapPlace& place) {
    switch (place.kind) {
        case TapPlace::Kind::Attention:
            return place.stage == Stage::Scope ? EditPlace::Mask : EditPlace::Attention;
        case TapPlace::Kind::State:
            return place.inEncoder ? EditPlace::Encoder : EditPlace::State;
        case TapPlace::Kind::Vector:
            return EditPlace::Vector;
        case TapPlace::Kind::Output:
            return EditPlace::Output;
    }
    return EditPlace::Output;
}

/// Divides each row by its sum, where that is not 0.
void renormalise(Matrix<float>& x) {
    for (int r = 0; r < x.rows(); ++r) {
        const double sum = std::accumulate(x.row(r), x.row(r) + x.cols(), 0.0);
        if (sum == 0) continue;
        for (int c = 0; c < x.cols(); ++c) x(r, c) = static_cast<float>(static_cast<double>(x(r, c)) / sum);
    }
}

} // namespace

Interventions::Interventions(const std::vector<Edit>& edits) : m_edits(edits) {
    if (edits.empty()) return;
    m_taps.value = [this](const TapPlace& place, const Var<float>& value) { return edited(place, value); };
    m_taps.mask = [this](const TapPlace& place, AllowedMask& allowed) { changeMask(place, allowed); };
    m_taps.step = [this](int time) {
        m_time = time;
        m_touched.clear();
    };
}

bool Interventions::applies(const Edit& edit, const TapPlace& place) const {
    if (edit.place != placeOf(place)) return false;
    const int step = place.inEncoder ? place.position : m_time;
    if (edit.step && *edit.step != step) return false;
    switch (place.kind) {
        case TapPlace::Kind::Attention:
            return edit.site == place.site && edit.layer == place.layer && edit.backward == place.backward &&
                   (place.stage == Stage::Scope || edit.stage == place.stage) &&
                   (place.stage == Stage::Gate || !edit.head || *edit.head == place.head);
        case TapPlace::Kind::State:
            return CellPlace{edit.layer, edit.cell, edit.backward} == place.cell && edit.part == place.part &&
                   edit.initial == place.initial;
        case TapPlace::Kind::Vector:
            return edit.vector == place.vector;
        case TapPlace::Kind::Output:
            return true;
    }
    return false;
}

Matrix<float> Interventions::changed(const Edit& edit, std::size_t index, const TapPlace& place,
                                     const Matrix<float>& value) const {
    if (edit.operation == EditOperation::Normalise)
        return normalise<float>(nullptr, m_scores[static_cast<std::size_t>(place.head)],
                                m_allowed[static_cast<std::size_t>(place.head)], edit.normaliser,
                                edit.temperature)
            .value();
    const int n = value.cols();
    const auto refuse = [&](const std::string& what) {
        throw Error(ErrorKind::Argument, "edits[" + std::to_string(index) + "]: " + what +
                                             " at this place of " + std::to_string(n) + " columns");
    };
    if (edit.position && *edit.position >= n)
        refuse("there is no position " + std::to_string(*edit.position));
    if (edit.values.size() > 1 && static_cast<int>(edit.values.size()) != n)
        refuse(std::to_string(edit.values.size()) + " values were given");
    Matrix<float> result = value;
    const int first = edit.position.value_or(0), last = edit.position ? first + 1 : n;
    for (int r = 0; r < result.rows(); ++r)
        for (int c = first; c < last; ++c) {
            const double x = edit.values.empty()       ? 0
                             : edit.values.size() == 1 ? edit.values.front()
                                                       : edit.values[static_cast<std::size_t>(c)];
            float& y = result(r, c);
            if (edit.operation == EditOperation::Add)
                y = static_cast<float>(static_cast<double>(y) + x);
            else if (edit.operation == EditOperation::Scale)
                y = static_cast<float>(static_cast<double>(y) * x);
            else
                y = static_cast<float>(x);
        }
    if (edit.renormalise) renormalise(result);
    return result;
}

Var<float> Interventions::edited(const TapPlace& place, const Var<float>& value) {
    Var<float> now = value;
    for (std::size_t i = 0; i < m_edits.size(); ++i) {
        if (!applies(m_edits[i], place)) continue;
        Matrix<float> after = changed(m_edits[i], i, place, now.value());
        const bool headed = place.kind == TapPlace::Kind::Attention && place.stage != Stage::Gate;
        m_touched.push_back({{static_cast<int>(i),
                              -1,
                              headed ? place.head : -1,
                              place.inEncoder ? place.position : -1,
                              {},
                              {}},
                             now.value(),
                             after});
        now = Var<float>(std::move(after));
    }
    if (place.kind == TapPlace::Kind::Attention && place.stage == Stage::Score)
        at(m_scores, place.head) = now;
    return now;
}

void Interventions::changeMask(const TapPlace& place, AllowedMask& allowed) {
    const auto numbers = [&] {
        Matrix<float> x(allowed.rows(), allowed.cols());
        std::copy(allowed.begin(), allowed.end(), x.begin());
        return x;
    };
    for (std::size_t i = 0; i < m_edits.size(); ++i) {
        const Edit& edit = m_edits[i];
        if (!applies(edit, place)) continue;
        if (edit.position && *edit.position >= allowed.cols())
            throw Error(ErrorKind::Argument, "edits[" + std::to_string(i) + "]: there is no position " +
                                                 std::to_string(*edit.position) + "; the site has " +
                                                 std::to_string(allowed.cols()));
        Matrix<float> before = numbers();
        const int first = edit.position.value_or(0), last = edit.position ? first + 1 : allowed.cols();
        for (int r = 0; r < allowed.rows(); ++r)
            std::fill(allowed.row(r) + first, allowed.row(r) + last,
                      edit.operation == EditOperation::Set ? std::uint8_t{1} : std::uint8_t{0});
        m_touched.push_back(
            {{static_cast<int>(i), -1, place.head, -1, {}, {}}, std::move(before), numbers()});
    }
    at(m_allowed, place.head) = allowed;
}

void Interventions::record(int row, int pass, Trace& trace) const {
    for (const Touched& touched : m_touched) {
        EditTrace about = touched.about;
        about.pass = pass;
        about.before = rowOf(touched.before, row);
        about.after = rowOf(touched.after, row);
        trace.edits.push_back(std::move(about));
    }
}

} // namespace attn

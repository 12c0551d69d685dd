// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <exception>

#include "core/base/error.h"

namespace attn::ui {

/// The last thing that went wrong, and where it belongs.
struct Fault {
    enum class Where { None, Model, Source, Target };
    Where where = Where::None;
    QString text; ///< what, where, what was expected, what to do
    ErrorKind kind = ErrorKind::Bug;

    bool operator==(const Fault&) const = default;
};

/// Runs `work`; the fault is none if nothing was thrown. Any exception but an Error is our bug.
Fault guarded(Fault::Where where, auto&& work) {
    try {
        work();
        return {};
    } catch (const Error& error) {
        return {where, QString::fromUtf8(error.what()), error.kind()};
    } catch (const std::exception& error) {
        return {where, QString::fromUtf8(error.what()), ErrorKind::Bug};
    }
}

} // namespace attn::ui

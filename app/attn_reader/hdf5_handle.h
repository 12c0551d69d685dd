// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>

#include <string>
#include <utility>

#include "core/base/error.h"

namespace attn_reader {

/// What the library answered, if it is no failure. Throws Error(Data).
template <typename Answer>
Answer sound(Answer answer, const std::string& what) {
    if (answer < 0)
        throw attn::Error(attn::ErrorKind::Data, what + " cannot be read; the file is damaged or cut short");
    return answer;
}

/// An object of the library, closed when it goes out of use.
class Handle {
public:
    using Close = herr_t (*)(hid_t);
    /// Throws Error(Data) naming `what` if the library gave no object.
    Handle(hid_t id, Close close, const std::string& what) : m_id(sound(id, what)), m_close(close) {}
    ~Handle() { m_close(m_id); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    operator hid_t() const { return m_id; }

private:
    hid_t m_id;
    Close m_close;
};

} // namespace attn_reader

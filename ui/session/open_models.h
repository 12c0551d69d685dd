// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>
#include <vector>

#include "core/io/import/import.h"
#include "core/model/model.h"

namespace attn::ui {

/// A model and where it came from.
struct OpenModel {
    int id = -1;            ///< of the place; stays when the place is read again and after closing
    ModelPtr model;         ///< nullptr: closed
    QString place;          ///< bundled name or path
    std::uint64_t hash = 0; ///< of the file's bytes (contentHash); 0: not known
    ImportReportPtr report; ///< of a checkpoint of another toolkit, else nullptr
    ImportOptions options;  ///< with which it was imported
};

/// The models that are open, in the order of opening, each known by its place and by its content. Places of
/// closed models are remembered, so that a question that names one can have it opened again.
class OpenModels {
public:
    const std::vector<OpenModel>& list() const { return m_open; }
    /// The open model of an id; nullptr if it is closed or was never open.
    const OpenModel* find(int id) const;
    /// The same, closed ones too.
    const OpenModel* findKnown(int id) const;
    /// The open model of a place, or of a content; nullptr if none is.
    const OpenModel* findPlace(const QString& place) const;
    const OpenModel* findHash(std::uint64_t hash) const;
    /// Place in list(); -1 if it is not open.
    int indexOf(int id) const;

    /// Adds a model, in place of the one from the same place. Gives its id; `opened.id` is not looked at. A
    /// native file whose bytes are the same keeps the model that is there, and with it what was made of it.
    int add(OpenModel opened);
    void close(int index);

private:
    std::vector<OpenModel> m_open;
    std::vector<OpenModel> m_closed;
    int m_nextId = 0;
};

} // namespace attn::ui

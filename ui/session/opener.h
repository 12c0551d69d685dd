// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <cstdint>
#include <map>
#include <stop_token>

#include "core/io/import/import.h"
#include "core/model/model.h"
#include "ui/session/fault.h"
#include "ui/session/lane.h"

namespace attn::ui {

/// Result of opening a file.
struct Import {
    QString place; ///< as it was given
    ImportOptions options;
    ImportReportPtr report; ///< of a checkpoint; nullptr: native, unreadable, or stopped by the person
    Fault fault;            ///< why there is no model
    bool opened = false;    ///< the model is among the open ones now
    ModelPtr model;         ///< nullptr: there is none
    std::uint64_t hash = 0; ///< of the file's bytes (contentHash); 0: not read
};

/// Opens files and writes models on lanes of their own. A newer request for a place supersedes an older one.
class Opener : public QObject {
    Q_OBJECT
public:
    /// Why a file is opened.
    enum class Purpose {
        Ask,    ///< the user asks this model a question
        Look,   ///< the import dialog shows the result
        Reopen, ///< a question names a model that was closed
    };
    Q_ENUM(Purpose)

    /// The lanes outlive the opener.
    Opener(Lane& opening, Lane& background, QObject* parent = nullptr);

    /// Recognises a bundled name or a file by its content and opens it. finished() follows, or, for attention
    /// that is opened to ask, attentionFound().
    void open(const QString& place, const ImportOptions& options, Purpose purpose);
    /// Drops a pending request; finished() reports Interrupted. False if there is none.
    bool stop(const QString& place);
    void stopAll();
    bool isPending() const { return !m_pending.empty(); }
    /// Milliseconds since the oldest pending request began.
    qint64 elapsed() const { return m_since.elapsed(); }

    /// Writes a native model file; saved() follows.
    void save(const ModelPtr& model, const QString& path);

signals:
    void finished(const attn::ui::Import& import, attn::ui::Opener::Purpose purpose);
    /// The file holds attention, which is read in another way: a person may have to be asked how.
    void attentionFound(const QString& place);
    /// `fault` is none if the file stands.
    void saved(const QString& path, const attn::ui::Fault& fault);
    void workChanged();

private:
    struct Pending {
        std::stop_source stop;
        Purpose purpose;
    };
    void finish(const Import& import, Purpose purpose);

    Lane& m_opening;
    Lane& m_background;
    std::map<QString, Pending> m_pending; ///< by place
    QElapsedTimer m_since;
};

} // namespace attn::ui

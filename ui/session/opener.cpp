// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/opener.h"

#include "core/io/content_hash.h"
#include "core/io/formats.h"
#include "core/io/model_file.h"

namespace attn::ui {

namespace {
/// Opens the file of import.place; gives whether it is attention instead of a model.
bool read(Import& import, Opener::Purpose purpose) {
    FileProbe probe(resolveModel(import.place.toStdString()));
    if (purpose != Opener::Purpose::Look && import.options.mapping.empty()) {
        const FileFormat* format = recognise(probe);
        if (format && format->kind == FileKind::Attention) return true;
    }
    const OpenedFile file = openFile(probe, {import.options, {}});
    import.report = file.report;
    import.model = file.report ? file.report->model : file.model;
    import.hash = contentHash(probe.path());
    if (file.report) throwIfIncomplete(*file.report);
    return false;
}
} // namespace

Opener::Opener(Lane& opening, Lane& background, QObject* parent)
    : QObject(parent), m_opening(opening), m_background(background) {}

void Opener::open(const QString& place, const ImportOptions& options, Purpose purpose) {
    if (const auto older = m_pending.find(place); older != m_pending.end()) older->second.stop.request_stop();
    if (m_pending.empty()) m_since.start();
    Pending& pending = m_pending[place] = {std::stop_source(), purpose};
    emit workChanged();
    m_opening.queue([this, place, options, purpose, stop = pending.stop.get_token()](std::stop_token) {
        if (stop.stop_requested()) return;
        Import import{place, options, nullptr, {}, false, nullptr, 0};
        bool attention = false;
        import.fault = guarded(Fault::Where::Model, [&] { attention = read(import, purpose);
    });
    QMetaObject::invokeMethod(
        this,
        [=, this] {
            if (stop.stop_requested()) return;
            if (!attention) return finish(import, purpose);
            m_pending.erase(place);
            emit workChanged();
            emit attentionFound(place);
        },
        Qt::QueuedConnection);
});
}

void Opener::finish(const Import& import, Purpose purpose) {
    m_pending.erase(import.place);
    emit finished(import, purpose);
    emit workChanged();
}

bool Opener::stop(const QString& place) {
    const auto pending = m_pending.find(place);
    if (pending == m_pending.end()) return false;
    pending->second.stop.request_stop();
    finish({place, {}, nullptr, {Fault::Where::None, {}, ErrorKind::Interrupted}, false, nullptr, 0},
           pending->second.purpose);
    return true;
}

void Opener::stopAll() {
    while (!m_pending.empty()) stop(QString(m_pending.begin()->first));
}

void Opener::save(const ModelPtr& model, const QString& path) {
    m_background.queue([this, model, path](std::stop_token) {
        const Fault fault =
            guarded(Fault::Where::Model, [&] { saveModel(*model, path.toStdString(), StoredType::F32); });
        QMetaObject::invokeMethod(
            this, [=, this] { emit saved(path, fault); }, Qt::QueuedConnection);
    });
}

} // namespace attn::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/io/dump/dump.h"

class QLabel;
class QPushButton;
class QSpinBox;

namespace attn::ui {

/// Stands in the question's place while a dump of attention is shown: which file, which of its sentences.
class DumpBar : public QWidget {
    Q_OBJECT
public:
    explicit DumpBar(QWidget* parent = nullptr);

    /// `sentence` counts from 0. Emits nothing.
    void setDump(const Dump& dump, int sentence);
    QSpinBox* sentence() const { return m_sentence; }
    QPushButton* options() const { return m_options; }
    QPushButton* closing() const { return m_close; }

signals:
    /// From 0.
    void sentenceChosen(int sentence);
    void optionsRequested();
    void closeRequested();

private:
    QLabel* m_file;
    QSpinBox* m_sentence;
    QLabel* m_name;
    QPushButton* m_options;
    QPushButton* m_close;
};

} // namespace attn::ui

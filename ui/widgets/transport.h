// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QSlider;
class QToolButton;

namespace attn::ui {

/// First, back, play, forward, last, speed and a slider over decode steps.
/// Steps count from 0 here and from 1 in what is shown. setStep and setSteps emit nothing.
class Transport : public QWidget {
    Q_OBJECT
public:
    explicit Transport(QWidget* parent = nullptr);

    int steps() const { return m_steps; }
    /// The current step, -1 if there is none.
    int step() const { return m_step; }
    bool isPlaying() const { return m_timer.isActive(); }
    /// Steps per second, 0.5 .. 20.
    double speed() const;

public slots:
    /// Number of steps; playing stops and the step is clamped. 0: nothing to play, all is disabled.
    void setSteps(int count);
    /// Goes to a step, clamped. Playing continues from there.
    void setStep(int step);
    void setSpeed(double stepsPerSecond);

    void first();
    void back();
    /// Starts from the beginning if the last step is shown; a second call pauses.
    void playPause();
    void pause();
    void forward();
    void last();

signals:
    /// The person, or playing, went to a step.
    void stepChosen(int step);
    void playingChanged(bool playing);

protected:
    void changeEvent(QEvent* event) override;

private:
    void choose(int step);
    void refresh();
    void retranslate();
    void setIcons();

    QToolButton* m_first;
    QToolButton* m_back;
    QToolButton* m_play;
    QToolButton* m_forward;
    QToolButton* m_last;
    QLabel* m_speedLabel;
    QSlider* m_speed;
    QSlider* m_slider;
    QLabel* m_label;
    QTimer m_timer;
    int m_steps = 0;
    int m_step = -1;
};

} // namespace attn::ui

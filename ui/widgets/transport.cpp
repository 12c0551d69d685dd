// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/transport.h"

#include <QEvent>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QKeySequence>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

namespace {

constexpr double slowest = 0.5; ///< steps per second
constexpr double fastest = 20;
constexpr int speedTicks = 100; ///< of the slider; even steps of ratio

double speedAt(int tick) {
    return slowest * std::pow(fastest / slowest, static_cast<double>(tick) / speedTicks);
}

int tickOf(double speed) {
    const double share =
        std::log(std::clamp(speed, slowest, fastest) / slowest) / std::log(fastest / slowest);
    return static_cast<int>(std::lround(share * speedTicks));
}

QString withKey(const QString& text, int key) {
    return QStringLiteral("%1 (%2)").arg(text, QKeySequence(key).toString(QKeySequence::NativeText));
}

} // namespace

Transport::Transport(QWidget* parent)
    : QWidget(parent),
      m_first(new QToolButton(this)),
      m_back(new QToolButton(this)),
      m_play(new QToolButton(this)),
      m_forward(new QToolButton(this)),
      m_last(new QToolButton(this)),
      m_speedLabel(new QLabel(this)),
      m_speed(new QSlider(Qt::Horizontal, this)),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_label(new QLabel(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(0);
    for (QToolButton* button : {m_first, m_back, m_play, m_forward, m_last}) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        buttons->addWidget(button);
    }
    m_back->setAutoRepeat(true);
    m_forward->setAutoRepeat(true);
    row->addLayout(buttons);
    row->addWidget(m_slider, 3);
    row->addWidget(m_label);
    row->addSpacing(8);
    row->addWidget(m_speedLabel);
    row->addWidget(m_speed, 1);

    m_speed->setRange(0, speedTicks);
    m_speed->setValue(tickOf(2));
    m_speed->setMaximumWidth(160);
    m_slider->setPageStep(1);
    m_speedLabel->setBuddy(m_speed);
    m_label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

    // The names by which tests and style sheets find the controls.
    m_first->setObjectName("first");
    m_back->setObjectName("back");
    m_play->setObjectName("play");
    m_forward->setObjectName("forward");
    m_last->setObjectName("last");
    m_speed->setObjectName("speed");
    m_slider->setObjectName("step");
    m_label->setObjectName("position");

    connect(m_first, &QToolButton::clicked, this, &Transport::first);
    connect(m_back, &QToolButton::clicked, this, &Transport::back);
    connect(m_play, &QToolButton::clicked, this, &Transport::playPause);
    connect(m_forward, &QToolButton::clicked, this, &Transport::forward);
    connect(m_last, &QToolButton::clicked, this, &Transport::last);
    connect(m_slider, &QSlider::valueChanged, this, &Transport::choose);
    connect(m_speed, &QSlider::valueChanged, this, [this] {
        m_timer.setInterval(static_cast<int>(1000 / speed()));
        retranslate();
    });
    m_timer.setInterval(static_cast<int>(1000 / speed()));
    connect(&m_timer, &QTimer::timeout, this, [this] {
        choose(m_step + 1);
        if (m_step >= m_steps - 1) pause();
    });
    setIcons();
    retranslate();
    refresh();
}

double Transport::speed() const {
    return speedAt(m_speed->value());
}

void Transport::setSteps(int count) {
    pause();
    m_steps = std::max(count, 0);
    m_step = m_steps == 0 ? -1 : std::clamp(m_step, 0, m_steps - 1);
    refresh();
}

void Transport::setStep(int step) {
    if (m_steps == 0) return;
    m_step = std::clamp(step, 0, m_steps - 1);
    refresh();
}

void Transport::setSpeed(double stepsPerSecond) {
    m_speed->setValue(tickOf(stepsPerSecond));
}

void Transport::first() {
    pause();
    choose(0);
}

void Transport::back() {
    pause();
    choose(m_step - 1);
}

void Transport::forward() {
    pause();
    choose(m_step + 1);
}

void Transport::last() {
    pause();
    choose(m_steps - 1);
}

void Transport::playPause() {
    if (isPlaying()) {
        pause();
        return;
    }
    if (m_steps < 2) return;
    if (m_step >= m_steps - 1) choose(0);
    m_timer.start();
    setIcons();
    retranslate();
    emit playingChanged(true);
}

void Transport::pause() {
    if (!isPlaying()) return;
    m_timer.stop();
    setIcons();
    retranslate();
    emit playingChanged(false);
}

void Transport::choose(int step) {
    if (m_steps == 0) return;
    step = std::clamp(step, 0, m_steps - 1);
    if (step == m_step) return;
    m_step = step;
    refresh();
    emit stepChosen(step);
}

void Transport::refresh() {
    {
        const QSignalBlocker quiet(m_slider);
        m_slider->setRange(0, std::max(m_steps - 1, 0));
        m_slider->setValue(std::max(m_step, 0));
    }
    m_slider->setEnabled(m_steps > 1);
    m_play->setEnabled(m_steps > 1);
    m_first->setEnabled(m_step > 0);
    m_back->setEnabled(m_step > 0);
    m_forward->setEnabled(m_step < m_steps - 1);
    m_last->setEnabled(m_step < m_steps - 1);
    m_label->setText(m_steps == 0 ? tr("no steps") : tr("step %1 of %2").arg(m_step + 1).arg(m_steps));
    // Wide enough for the last step, so that nothing moves while playing.
    m_label->setFont(numbersFont());
    m_label->setMinimumWidth(
        QFontMetrics(numbersFont()).horizontalAdvance(tr("step %1 of %2").arg(m_steps).arg(m_steps)) + 4);
}

void Transport::setIcons() {
    const QSize size(scaled(20), scaled(20));
    for (QToolButton* button : {m_first, m_back, m_play, m_forward, m_last}) button->setIconSize(size);
    m_first->setIcon(themedIcon("first", m_first));
    m_back->setIcon(themedIcon("back", m_back));
    m_play->setIcon(themedIcon(isPlaying() ? "pause" : "play", m_play));
    m_forward->setIcon(themedIcon("forward", m_forward));
    m_last->setIcon(themedIcon("last", m_last));
}

void Transport::retranslate() {
    const auto name = [](QWidget* widget, const QString& text, int key) {
        widget->setToolTip(key ? withKey(text, key) : text);
        widget->setAccessibleName(text);
    };
    name(m_first, tr("First step"), Qt::Key_Home);
    name(m_back, tr("Step back"), Qt::Key_Left);
    name(m_play, isPlaying() ? tr("Pause") : tr("Play"), Qt::Key_Space);
    name(m_forward, tr("Step forward"), Qt::Key_Right);
    name(m_last, tr("Last step"), Qt::Key_End);
    name(m_slider, tr("Decode step"), 0);
    m_slider->setToolTip(tr("Decode step (%1, %2)")
                             .arg(QKeySequence(Qt::Key_Left).toString(QKeySequence::NativeText),
                                  QKeySequence(Qt::Key_Right).toString(QKeySequence::NativeText)));
    name(m_speed, tr("Playing speed"), 0);
    m_speed->setToolTip(tr("Playing speed: %1 steps per second").arg(speed(), 0, 'f', 1));
    m_speedLabel->setText(tr("Speed"));
}

void Transport::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        refresh();
    } else if (event->type() == QEvent::FontChange) {
        setIcons();
        refresh();
    }
    QWidget::changeEvent(event);
}

} // namespace attn::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/present/attention_map.h"
#include "ui/views/trace_view.h"
#include "ui/widgets/colour_map.h"

class QAction;
class QActionGroup;
class QComboBox;
class QLabel;
class QMenu;
class QToolButton;

namespace attn::ui {

class CellMap;

/// The weights of one site: queries down, keys across, with each row's entropy and each column's coverage.
/// Where the trace has several sites, the person chooses one in the header.
class AlignmentView : public TraceView {
    Q_OBJECT
public:
    explicit AlignmentView(Selection* selection, QWidget* parent = nullptr);

    QString caption() const override;
    NumberTable numbers() const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;

    /// While steps are played, later rows stay blank.
    void setGrowing(bool growing);
    /// They take part in the header's menu too.
    void addToMenu(const QList<QAction*>& actions) override;
    const QList<QAction*>& displayActions() const { return m_displayActions; }

    MapName mapName() const;
    Scale scale() const;
    void setColours(MapName map, Scale scale);
    bool showsValues() const;
    bool showsRowMaxima() const;
    bool showsAllowed() const;
    bool showsGold() const;
    void setOverlays(bool values, bool rowMaxima, bool allowed, bool gold);
    CellMap* map() const { return m_map; }
    const AttentionMap& shown() const { return m_shown; }
    /// The choice of a site, which is there where a trace has several.
    QComboBox* siteBox() const { return m_site; }

signals:
    /// Colours or overlays were chosen by the person.
    void displayChanged();

protected:
    void traceChanged() override;
    void selectionChanged(Selection::Aspects what) override;

private:
    void buildActions();
    void applyDisplay();
    void showMap();
    void listSites();
    void listHeads();
    void togglePin(int row, int col);
    bool rowsAreSteps() const;
    QString cellText(int row, int col) const;

    CellMap* m_map;
    QLabel* m_heading;
    QLabel* m_caption;
    QLabel* m_remark; ///< in the map's place where there is no attention
    QComboBox* m_site;
    QComboBox* m_head;
    QToolButton* m_display;
    QMenu* m_menu;
    QList<QAction*> m_displayActions;
    QActionGroup* m_maps;
    QActionGroup* m_scales;
    QAction* m_values;
    QAction* m_maxima;
    QAction* m_allowed;
    QAction* m_gold;
    AttentionMap m_shown;
    bool m_growing = false;
};

} // namespace attn::ui

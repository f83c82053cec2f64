"""The distribution of an expert's totals as bars, painted here: Qt's own charts are under the GPL."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.compare.figures import BIN, bars_of, mean_of

HEIGHT = 116
WIDEST_BAR = 72


class Distribution(QWidget):
    """Bars of BIN points each, a line at the mean, and the bar of the chosen application in full colour."""

    def __init__(self, maximum: Decimal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maximum = maximum
        self._totals: Sequence[Decimal] = ()
        self._chosen: Decimal | None = None
        self.bars: list[tuple[int, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_totals(self, totals: Sequence[Decimal], chosen: Decimal | None) -> None:
        """Show ``totals``; ``chosen`` is the one whose bar stands out."""
        self._totals, self._chosen = totals, chosen
        self.bars = bars_of(totals, self._maximum)
        words = [_bar_text(lowest, count) for lowest, count in self.bars if count]
        self.setAccessibleName(_("Distribution of your totals: {bars}").format(bars=_("; ").join(words)))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(360, theme.current().px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars with their counts, the points below them, the mean as a dashed line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.current().font())
        if self.bars:
            self._paint_bars(painter)
            self._paint_mean(painter)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say what the bar under the pointer is."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            bars = zip(self.bars, self._places(), strict=True)
            under = next((bar for bar, place in bars if place.left() <= event.x() <= place.right()), None)
            if under is not None:
                QToolTip.showText(event.globalPos(), _bar_text(*under), self)
                return True
        return super().event(event)

    def _plot(self) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(8, line + 4, self.width() - 16, self.height() - 2 * line - 12)

    def _places(self) -> list[QRectF]:
        """Where each bar may stand, from the top of the plot to its bottom."""
        plot = self._plot()
        width = min(float(theme.current().px(WIDEST_BAR)), plot.width() / max(1, len(self.bars)))
        return [
            QRectF(plot.left() + place * width, plot.top(), width, plot.height()) for place in range(len(self.bars))
        ]

    def _paint_bars(self, painter: QPainter) -> None:
        look, plot = theme.current(), self._plot()
        most = max(count for _lowest, count in self.bars)
        for (lowest, count), place in zip(self.bars, self._places(), strict=True):
            chosen = self._chosen is not None and self._bar_of(self._chosen) == lowest
            bar = QRectF(place.adjusted(3, 0, -3, 0))
            bar.setTop(plot.bottom() - plot.height() * count / most)
            painter.setPen(QPen(look.colour("accent"), 1))
            painter.setBrush(look.colour("accent" if chosen else "accent_soft"))
            if count:
                painter.drawRoundedRect(bar, 3, 3)
                painter.setPen(look.colour("text"))
                above = QRectF(place.left(), bar.top() - self.fontMetrics().height() - 2, place.width(), 20)
                painter.drawText(above, int(Qt.AlignmentFlag.AlignHCenter), str(count))
            painter.setPen(look.colour("second"))
            below = QRectF(place.left(), plot.bottom() + 4, place.width(), self.fontMetrics().height())
            painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), str(lowest))
        painter.setPen(QPen(look.colour("edge"), 1))
        painter.drawLine(plot.bottomLeft(), QPointF(plot.right(), plot.bottom()))

    def _paint_mean(self, painter: QPainter) -> None:
        mean = mean_of(self._totals)
        if mean is None:
            return
        look, first = theme.current(), self._places()[0]
        x = first.left() + first.width() * int((mean - self.bars[0][0]) * 100) / (BIN * 100)
        painter.setPen(QPen(look.colour("text"), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, 4), QPointF(x, self._plot().bottom()))

    def _bar_of(self, total: Decimal) -> int:
        return min(int(total // BIN) * BIN, self.bars[-1][0])


def _bar_text(lowest: int, count: int) -> str:
    text = ngettext(
        "{count} application from {lowest} points on", "{count} applications from {lowest} points on", count
    )
    return text.format(count=count, lowest=lowest)

"""The About box: version, whom the program serves, and the licences of what ships with it."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from qisp_desktop import __version__
from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets
from qisp_desktop.gui.start.licences import Shipped, shipped_packages
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.table_view import TableView

SIZE = QSize(720, 560)


class AboutDialog(QDialog):
    """Closes with Escape or its button and then is gone."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("About QISP Desktop"))
        self.resize(SIZE)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(
            label(
                _(
                    "For the evaluation under Articles 12 to 19 of the measures for quality infrastructure one-stop "
                    "service platforms. It works without any network and sends nothing."
                ),
                wrap=True,
            )
        )
        column.addWidget(
            label(
                _(
                    "The program is under the Apache License 2.0, "
                    "the font Noto Sans SC under the SIL Open Font License 1.1."
                ),
                "second",
                wrap=True,
            )
        )
        column.addWidget(label(_("It stands on these packages:"), "heading"))
        self.model: RowsModel[Shipped] = RowsModel(
            [
                Column(_("Package"), lambda row: row.name, key=lambda row: row.name.lower()),
                Column(_("Version"), lambda row: row.version),
                Column(_("Licence"), lambda row: row.licence),
            ]
        )
        self.table = TableView(self.model)
        self.table.setAccessibleName(_("Packages and licences"))
        column.addWidget(self.table, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column.addWidget(buttons)
        buttons.setFocus()
        tasks.run(self, lambda job: shipped_packages(), self._show, store=False)

    @staticmethod
    def _head() -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        logo = QLabel()
        logo.setPixmap(assets.logo(56))
        row.addWidget(logo)
        texts = QVBoxLayout()
        texts.addWidget(label(_("QISP evaluation workbench"), "title"))
        versions = _("Version {version} · Python {python} · Qt {qt}").format(
            version=__version__, python=platform.python_version(), qt=PySide6.__version__
        )
        texts.addWidget(label(versions, "second"))
        row.addLayout(texts, 1)
        return row

    def _show(self, packages: list[Shipped]) -> None:
        self.model.set_rows(packages)
        self.table.fit_columns()

"""What this program put on the clipboard, when it ends.

The clipboard outlives Python where no desktop system holds it (the offscreen and VNC platforms), and takes its contents
apart when the process ends. Contents that Python made make it crash there.
"""

from __future__ import annotations

from typing import cast

import shiboken6
from PySide6.QtCore import QMimeData, QStringListModel
from PySide6.QtGui import QGuiApplication


def hand_over() -> None:
    """Put the same on the clipboard once more, made by Qt, where what lies there was made by Python.

    What another program copied stays as it is.
    """
    clipboard = QGuiApplication.clipboard()
    ours = cast("QMimeData | None", clipboard.mimeData())  # the stubs do not know of an empty clipboard
    if ours is not None and shiboken6.createdByPython(ours):
        clipboard.setMimeData(_made_by_qt(ours))


def _made_by_qt(copied: QMimeData) -> QMimeData:
    # ``QMimeData()`` is Python's. What a model makes of a dragged row is Qt's own.
    model = QStringListModel([""])
    made = model.mimeData([model.index(0)])
    made.clear()
    for kind in copied.formats():
        made.setData(kind, copied.data(kind))
    return made

"""Types scores and remarks on the desk until it is killed: ``typist.py PACKAGE WORKSPACE PASSPHRASE``.

After each change that has become durable, it prints how many there were.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.desk_editing import contents, declare


def main() -> None:
    package, workspace, passphrase = sys.argv[1:]
    app = QApplication([])
    desk = Desk.open(Path(workspace), passphrase)
    number = desk.records.assigned[0]
    declare(desk, [number])
    presenter = DeskPresenter(Path(package), contents(desk), Tasks())
    presenter.select(number)
    typed = 0

    def type_on() -> None:
        nonlocal typed
        typed += 1
        presenter.set_remark("Q1", f"{typed} " + "评语" * (typed % 400))

    presenter.saved.connect(lambda _when: (print(typed, flush=True), type_on()))
    type_on()
    app.exec()


if __name__ == "__main__":
    main()

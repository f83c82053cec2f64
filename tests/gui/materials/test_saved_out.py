"""Copies for other programs lie where only the person can read them, and do not last."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.paths import cache_folder
from qisp_desktop.gui.panel.materials.outside_viewer import OutsideViewer
from qisp_desktop.gui.panel.materials.saved_out import FOLDER, SavedOut
from tests.gui.materials.documents import Papers, pdf
from tests.gui.materials.reader import Reader

OFFICE = ("6", "清单.docx", b"PK\x03\x04" + bytes(400))


class System:
    """The part of the system that finds a program for a file."""

    def __init__(self) -> None:
        self.opened: list[Path] = []
        self.knows_a_program = True

    def open(self, url: QUrl) -> bool:
        """As QDesktopServices.openUrl."""
        self.opened.append(Path(url.toLocalFile()))
        return self.knows_a_program


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    system = System()
    monkeypatch.setattr(QDesktopServices, "openUrl", system.open)
    return system


def outside(reader: Reader) -> OutsideViewer:
    viewer = reader.viewer
    assert isinstance(viewer, OutsideViewer)
    return viewer


def open_outside(reader: Reader, system: System) -> Path:
    outside(reader).open.click()
    reader.qtbot.waitUntil(lambda: bool(system.opened))
    return system.opened[-1]


def test_nothing_is_saved_before_the_person_asks_for_it(reader: Reader, system: System) -> None:
    reader.open(Papers(OFFICE))

    assert "macros" in outside(reader).warning.text()
    assert not (cache_folder() / FOLDER).exists()
    assert system.opened == []


def test_an_office_file_is_saved_out_for_the_person_alone_and_opened(reader: Reader, system: System) -> None:
    reader.open(Papers(OFFICE))

    path = open_outside(reader, system)

    assert path.read_bytes() == OFFICE[2]
    assert path.name == "清单.docx"
    assert cache_folder() / FOLDER in path.parents
    if sys.platform != "win32":
        assert stat.S_IMODE((cache_folder() / FOLDER).stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_locking_wipes_the_copies(reader: Reader, system: System) -> None:
    reader.open(Papers(OFFICE))
    path = open_outside(reader, system)

    reader.pane.close_materials()

    assert not path.exists()
    assert not (cache_folder() / FOLDER).exists()


def test_a_new_start_wipes_what_a_killed_process_left(home: Path, reader: Reader) -> None:
    from qisp_desktop.gui.panel.materials.pane import MaterialPane

    left = SavedOut().save("left.docx", b"x")

    pane = MaterialPane(reader.pane._tasks)
    reader.qtbot.addWidget(pane)

    assert not left.exists()


def test_what_cannot_be_shown_can_be_opened_outside_after_a_warning(reader: Reader, system: System) -> None:
    papers = Papers(("1", "damaged.pdf", b"%PDF-1.7 broken"))
    reader.pane.show_application(papers.application, papers.read)
    reader.wait_for_words("damaged")

    offer = reader.pane.stack.currentWidget().findChild(QPushButton)
    assert isinstance(offer, QPushButton)
    offer.click()
    reader.wait_for_content()

    assert open_outside(reader, system).read_bytes() == b"%PDF-1.7 broken"


def test_a_system_without_a_fitting_program_is_explained(reader: Reader, system: System) -> None:
    system.knows_a_program = False
    reader.open(Papers(OFFICE))

    open_outside(reader, system)
    reader.qtbot.waitUntil(outside(reader).banner.isVisible)

    assert outside(reader).banner.what.text() == "清单.docx could not be opened."
    assert outside(reader).open.isEnabled()


def test_two_files_of_one_name_do_not_meet(home: Path) -> None:
    saved = SavedOut()

    first, second = saved.save("a.docx", b"1"), saved.save("a.docx", b"2")

    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")
    assert saved.wipe() == []


@pytest.mark.parametrize(
    "name", ["../../evil.docx", "/etc/x.docx", "con.docx", "a\u202excod.docx", "x" * 400 + ".docx"]
)
def test_no_name_leads_out_of_the_folder(home: Path, name: str) -> None:
    path = SavedOut().save(name, pdf(1))

    assert path.resolve().parent.parent == (cache_folder() / FOLDER).resolve()
    assert path.suffix == ".docx"


def test_a_full_or_forbidden_disk_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(UserError):
        SavedOut(tmp_path / "file" / "folder").save("a.docx", b"x")

"""The section 回收, opened with the keys unlocked on a round of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.collecting.view import CollectingView
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound
from tests.gui.secretariat.desks import WAIT_MS, copied, opened, settled, unexpected


@pytest.fixture
def own(issued: IssuedRound, tmp_path: Path) -> Path:
    return copied(issued.round, tmp_path)


@pytest.fixture
def page(program: Application, qtbot: QtBot, own: Path) -> DeskPage:
    """The section, with the keys unlocked."""
    page = opened(qtbot, program, own, "collecting")
    page.session.unlock(page, OFFICE_PASSPHRASE, lambda: None, unexpected)
    qtbot.waitUntil(lambda: page.session.unlocked, timeout=WAIT_MS)
    settled(qtbot, page)
    return page


@pytest.fixture
def view(page: DeskPage) -> CollectingView:
    assert isinstance(page.view, CollectingView)
    return page.view

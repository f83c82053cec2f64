"""An expert who brought a certificate signs with it: its file and its passphrase take the passphrase's place."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.signing.view import SigningView
from qisp_desktop.services import issuing
from qisp_desktop.services.desk import DeskStatus
from tests.gui.desk_rounds import show_desk, show_view
from tests.gui.samples import CERTIFICATE_SECRET as SECRET
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound, brought_certificates, issued_round


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> tuple[IssuedRound, Path, Path]:
    """A package to be signed with a certificate of the expert's own, that certificate, and somebody else's."""
    folder = tmp_path_factory.mktemp("brought")
    first = issued_round(folder, applications=2)
    files = brought_certificates(folder, first.expert)
    issuing.register_certificate(first.round, first.expert, files[0].with_suffix(".pem"))
    (one,) = issuing.issue_packages(
        first.round, folder / "again", passphrase=OFFICE_PASSPHRASE, only=[first.expert], plain_letters=True
    )
    passphrase = one.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]
    return IssuedRound(first.round, one.package, passphrase, first.expert, first.numbers), files[0], files[1]


def attempt(view: SigningView, qtbot: QtBot, certificate: Path, passphrase: str) -> None:
    view.ui.certificate.setText(str(certificate))
    view.ui.certificatePassphrase.setText(passphrase)
    assert view.ui.hindrance.text() == ""
    qtbot.mouseClick(view.ui.sign, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.presenter.busy and not view.presenter.desk.frozen, timeout=30_000)


def test_only_the_certificate_that_the_package_was_issued_for_signs(
    program: Application, qtbot: QtBot, brought: tuple[IssuedRound, Path, Path], tmp_path: Path
) -> None:
    package, own, other = brought
    page = show_desk(program, qtbot, package, tmp_path / "E.qwork", complete=package.numbers)
    view = show_view(qtbot, page, SigningView, "Sign and export…")
    assert view.ui.passphrase.isHidden()
    assert view.ui.certificate.isVisible()
    view.ui.onPaper.setChecked(True)
    view.ui.folder.setText(str(tmp_path))
    assert view.ui.hindrance.text() == "Choose your certificate and type its passphrase."

    attempt(view, qtbot, own, "wrong")
    assert view.ui.wrong.isVisible()
    attempt(view, qtbot, tmp_path / "gone.p12", SECRET)
    assert "could not be read" in view.ui.wrong.text()
    attempt(view, qtbot, other, SECRET)
    assert view.banner.what.text() == "This is not the certificate that the secretariat entered for you."
    assert {item.status for item in view.presenter.desk.sheets.items} == {DeskStatus.COMPLETE}

    attempt(view, qtbot, own, SECRET)

    assert view.ui.doneCard.isVisible()
    assert view.ui.certificatePassphrase.text() == ""
    assert (tmp_path / f"{package.expert}-r1.qscore").is_file()

"""A leader who brought a certificate countersigns with it: its file and its passphrase take the passphrase's place."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.countersigning.view import CountersigningView
from qisp_desktop.services import issuing
from qisp_desktop.services.verifying import verify_files
from tests.gui.countersigning.panel_round import PanelRound
from tests.gui.desk_rounds import show_desk, view_of
from tests.gui.samples import CERTIFICATE_SECRET as SECRET
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound, brought_certificates


@pytest.fixture
def brought(panel: PanelRound, tmp_path: Path) -> tuple[IssuedRound, Path, Path]:
    """The leader's newest package, for a certificate of their own; that certificate, and somebody else's."""
    files = brought_certificates(tmp_path, panel.leader.expert)
    office = tmp_path / "office"
    office.mkdir()
    for path in panel.leader.round.parent.glob(f"{panel.leader.round.name}*"):
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, office / path.name)
    copy = office / panel.leader.round.name
    issuing.register_certificate(copy, panel.leader.expert, files[0].with_suffix(".pem"))
    (one,) = issuing.issue_packages(
        copy, tmp_path / "again", passphrase=OFFICE_PASSPHRASE, only=[panel.leader.expert], plain_letters=True
    )
    passphrase = one.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]
    return replace(panel.leader, round=copy, package=one.package, passphrase=passphrase), files[0], files[1]


def test_only_the_certificate_that_the_secretariat_knows_countersigns(
    program: Application,
    panel: PanelRound,
    brought: tuple[IssuedRound, Path, Path],
    stick: Path,
    out: Path,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    package, own, other = brought
    page = show_desk(program, qtbot, package, tmp_path / "leader.qwork")
    page.turn_to("countersigning")
    view = view_of(page, CountersigningView)
    view.take_in([stick])
    signing = view.signing
    qtbot.waitUntil(lambda: not view.presenter.busy, timeout=30_000)
    assert signing.passphrase.isHidden()
    signing.folder.setText(str(out))
    assert signing.hindrance.text() == "Choose your certificate and type its passphrase."

    def attempt(certificate: Path, passphrase: str) -> None:
        signing.certificate.setText(str(certificate))
        signing.secret.setText(passphrase)
        qtbot.keyClick(signing.secret, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not view.presenter.busy, timeout=30_000)

    attempt(own, "wrong")
    assert signing.wrong.isVisible()
    attempt(other, SECRET)
    assert signing.wrong.text().startswith("This is not the certificate that the secretariat entered for you.")
    assert list(out.iterdir()) == []

    attempt(own, SECRET)

    assert signing.wrong.isHidden()
    assert signing.secret.text() == ""
    assert view.banner.what.text().startswith("3 papers are countersigned")
    assert all(one.valid for one in verify_files([out], round_at=package.round))

"""What a round asks of its experts' machines is said in one verb."""

from __future__ import annotations

from pathlib import Path

import pytest

from qisp_desktop.base.i18n import using
from qisp_desktop.services import rounds
from tests.e2e.command import done, refused


@pytest.fixture
def round_path(tmp_path: Path) -> Path:
    path = tmp_path / "2026.qround"
    rounds.new_round(path, year=2026, name="2026年度评价", passphrase="only for the tests")
    return path


def test_photos_keep_their_place_only_after_the_office_has_said_so(round_path: Path) -> None:
    with using("en"):
        assert done("round", "options", round_path).out == "position data of photos: left out\n"
        assert done("round", "options", round_path, "--photo-positions").out == "position data of photos: kept\n"
        assert done("round", "options", round_path).out == "position data of photos: kept\n"
        assert "set an option of the round" in done("audit", round_path).out
        assert "left out" in done("round", "options", round_path, "--no-photo-positions").out


def test_a_file_that_is_no_round_has_no_options(tmp_path: Path) -> None:
    (tmp_path / "x.qround").write_bytes(b"not a round")
    with using("en"):
        refused("round", "options", tmp_path / "x.qround", "--photo-positions", words="x.qround")

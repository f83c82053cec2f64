"""Keys and signed sheets that the tests share; nobody changes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qisp_desktop.base.paths import fonts_folder
from qisp_desktop.documents.fonts import forget_fonts
from qisp_desktop.documents.score_sheet import render_score_sheet
from qisp_desktop.documents.signing import sign_field
from tests.unit.documents.samples import HANDWRITING, Keys, make_font, make_keys, make_record


@pytest.fixture(scope="session")
def keys() -> Keys:
    """The keys of the round."""
    return make_keys()


@pytest.fixture(scope="session")
def unsigned() -> bytes:
    """The sheet as it is rendered."""
    return render_score_sheet(make_record())


@pytest.fixture(scope="session")
def signed(unsigned: bytes, keys: Keys) -> bytes:
    """The sheet with the expert's signature."""
    return sign_field(unsigned, "Expert", keys.expert, name="欧阳䶮", handwriting=HANDWRITING)


@pytest.fixture(scope="session")
def countersigned(signed: bytes, keys: Keys) -> bytes:
    """The sheet with all three signatures."""
    led = sign_field(signed, "PanelLeader", keys.leader, name="王组长")
    return sign_field(led, "Secretariat", keys.office, name="秘书处", handwriting=HANDWRITING)


@pytest.fixture
def own_font(home: Path) -> Iterator[Path]:
    """A font in the office's own folder that has U+E123."""
    path = fonts_folder() / "office.ttf"
    make_font(path)
    forget_fonts()
    yield path
    forget_fonts()

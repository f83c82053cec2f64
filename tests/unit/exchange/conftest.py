"""Keys and packages that the tests share; nobody changes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qisp_desktop.exchange.identity import unlock_identity
from tests.unit.exchange.samples import PASSPHRASE, Keys, make_cheap_identity, make_keys, write_panel, write_return


@pytest.fixture(scope="session")
def keys() -> Keys:
    """The keys of the round."""
    return make_keys()


@pytest.fixture(scope="session")
def other_keys() -> Keys:
    """The keys of another round."""
    return make_keys("round-b")


@pytest.fixture(scope="session")
def panel_file(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good panel package."""
    path = tmp_path_factory.mktemp("panel") / "E007.qpanel"
    write_panel(path, keys)
    return path


@pytest.fixture(scope="session")
def return_file(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good return package."""
    path = tmp_path_factory.mktemp("return") / "E007-r1.qscore"
    write_return(path, keys)
    return path


@pytest.fixture(scope="session")
def quick(keys: Keys) -> Keys:
    """The keys of the round, with an identity that unlocks in milliseconds."""
    file = make_cheap_identity()
    return replace(keys, expert_identity_file=file, expert_identity=unlock_identity(file, PASSPHRASE))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test writes its package."""
    return tmp_path / "package"

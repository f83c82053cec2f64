"""Keys and packages that the tests share; nobody changes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.exchange.samples import Keys, make_keys, write_panel, write_return


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

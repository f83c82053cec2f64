"""What every test stands on: no screen, English messages, a home of its own, properties that repeat in CI."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from qisp_desktop.base import i18n
from tests.postgres import PostgresServer, running_server

# Set before anything imports Qt or reads the language; processes that tests start inherit it.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.update(LANGUAGE="en", LC_ALL="C.UTF-8", QISP_LANGUAGE="en", NO_COLOR="1", COLUMNS="200")
os.environ.pop("FORCE_COLOR", None)

# A slow machine is no finding. In CI the examples are the same each time, so a red run can be repeated.
settings.register_profile("house", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "house")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, so that no test reads or changes the user's own settings and recent files."""
    home = tmp_path_factory.mktemp("home")
    for variable in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(home))
    for variable, folder in (
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CACHE_HOME", ".cache"),
    ):
        monkeypatch.setenv(variable, str(home / folder))
    return home


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The system's language for each test: a window that was switched to Chinese must not decide for the next."""
    i18n.set_language(None)
    yield
    i18n.set_language(None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of the tests' own, one for all tests of this process."""
    with running_server() as server:
        yield server

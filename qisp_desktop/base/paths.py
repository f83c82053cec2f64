"""Where the program keeps things of the person's own."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

APP = "QISP Desktop"
MOST_NAME_BYTES = 200
"""Of the 255 that file systems take: an ending and what a program adds must still find room."""
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)


def data_folder() -> Path:
    """The folder for workspaces, settings and fonts of the office; not created here."""
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def config_folder() -> Path:
    """The folder for what the person chose on this machine; not created here."""
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False)


def log_folder() -> Path:
    """The folder for the rotating log; not created here."""
    from platformdirs import user_log_path

    return user_log_path(APP, appauthor=False)


def cache_folder() -> Path:
    """The folder for what may be thrown away at any time; not created here."""
    from platformdirs import user_cache_path

    return user_cache_path(APP, appauthor=False)


def fonts_folder() -> Path:
    """Where an office puts fonts of its own for characters that the bundled font lacks."""
    return data_folder() / "fonts"


def safe_name(text: str, *, longest: int = 80) -> str:
    """``text`` as a file name that every system takes; never empty, never a path, never a reserved name."""
    name = unicodedata.normalize("NFKC", text)
    name = "".join("_" if c in '<>:"/\\|?*' or unicodedata.category(c)[0] == "C" else c for c in name)
    name = name.strip(" .")[:longest]
    name = name.encode("utf-8")[:MOST_NAME_BYTES].decode("utf-8", "ignore").strip(" .") or "_"
    return f"_{name}" if _RESERVED.match(name) else name

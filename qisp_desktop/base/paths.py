"""Where the program keeps things of the person's own."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

APP = "QISP Desktop"
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)


def data_folder() -> Path:
    """The folder for workspaces, settings and fonts of the office; not created here."""
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def log_folder() -> Path:
    """The folder for the rotating log; not created here."""
    from platformdirs import user_log_path

    return user_log_path(APP, appauthor=False)


def fonts_folder() -> Path:
    """Where an office puts fonts of its own for characters that the bundled font lacks."""
    return data_folder() / "fonts"


def safe_name(text: str, *, longest: int = 80) -> str:
    """``text`` as a file name that every system takes; never empty, never a path, never a reserved name."""
    name = unicodedata.normalize("NFKC", text)
    name = "".join("_" if c in '<>:"/\\|?*' or unicodedata.category(c)[0] == "C" else c for c in name)
    name = name.strip(" .")[:longest].strip(" .") or "_"
    return f"_{name}" if _RESERVED.match(name) else name

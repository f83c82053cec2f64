"""The folder of the materials of a round on a server: on a share that all clerks see, marked with its round.

The mark keeps two rounds from being mixed, and shows at once when an address leads to another folder. The database
records the folder as the computer saw it that made the round; where another computer sees it under another name, its
address says so (``?files=``).
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from qisp_desktop.base import canonical
from qisp_desktop.base.atomic import write_bytes
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.store.places import FILES, ServerPlace

MARK = "qisp-round.json"
FORMAT = "qisp-files/1"
LARGEST_MARK = 4096


def chosen(place: ServerPlace) -> Path:
    """The folder for a round that is to be made at ``place``; UserError when the address names none."""
    if place.files is None:
        raise UserError(
            _("{path} does not say where the materials are to lie.").format(path=place.address),
            _("The clerks must all see them, so they go into a folder on a share."),
            _("Add the folder to the address: ?{files}=/share/round2026").format(files=FILES),
        )
    return place.files.absolute()


def claim(folder: Path, round_id: str) -> bool:
    """Mark ``folder`` as that of the round, and make it when it is not there; returns whether the mark is new.

    UserError when it is another round's.
    """
    held = _marked(folder)
    if held == round_id:
        return False
    if held is not None:
        raise UserError(
            _("The folder {folder} holds the materials of another round.").format(folder=folder),
            "",
            _("Choose another folder."),
        )
    write_bytes(folder / MARK, canonical.dumps({"format": FORMAT, "round": round_id}))
    return True


def give_up(folder: Path, round_id: str) -> None:
    """Take the mark away again, for a round that could not be made after all."""
    with suppress(OSError, UserError):
        if _marked(folder) == round_id:
            (folder / MARK).unlink()


def check(folder: Path, round_id: str, place: ServerPlace) -> None:
    """Raise UserError unless ``folder`` is there and is that of the round."""
    held = _marked(folder)
    if held == round_id:
        return
    why = (
        _("There is no such folder, or it holds no materials of a round.")
        if held is None
        else _("It holds the materials of another round.")
    )
    raise UserError(
        _("The folder {folder} is not that of the round's materials.").format(folder=folder),
        why,
        _("Check that the share is there. Where this computer sees it under another name, use {address}.").format(
            address=f"…/{place.database}?{FILES}=FOLDER"
        ),
    )


def _marked(folder: Path) -> str | None:
    """The round whose mark is in ``folder``; None when there is none, "" when it cannot be read as a mark."""
    try:
        with (folder / MARK).open("rb") as stream:
            content = json.loads(stream.read(LARGEST_MARK))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UserError(
            _("The folder {folder} could not be read.").format(folder=folder),
            os_reason(error),
            _("Check that the share is there and that you may read it."),
        ) from error
    except (ValueError, RecursionError):
        return ""
    return str(content["round"]) if isinstance(content, dict) and "round" in content else ""

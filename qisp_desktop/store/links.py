"""A link: a small file that names a round on a server, and is opened as the round itself.

It ends with ``.qround`` like a round file, so that a double click, the list of recent files and every command take it.
It holds the address without a password. Lying on the share beside the folder of the materials it names that folder as
it is seen from where it lies, so that every computer finds it, whatever the share is called there.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from qisp_desktop.base import canonical
from qisp_desktop.base.atomic import write_bytes
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.reading import open_file
from qisp_desktop.store.places import RoundPlace, ServerPlace, parse_place

FORMAT = "qisp-link/1"
LARGEST = 4096


def write_link(path: Path, place: ServerPlace, files: Path) -> None:
    """Write a link at ``path`` to the round at ``place``, whose materials are in ``files``.

    UserError when something is at ``path`` already.
    """
    if path.exists():
        raise UserError(_("{path} is there already.").format(path=path), "", _("Choose another name."))
    here = path.absolute().parent
    seen = files.relative_to(here) if files.is_relative_to(here) else files
    address = str(replace(place, files=seen, password=None))
    write_bytes(path, canonical.dumps({"format": FORMAT, "address": address}))


def followed(place: RoundPlace) -> RoundPlace:
    """Where a link leads; any other place as it is. UserError for a link that leads nowhere."""
    if isinstance(place, ServerPlace) or (address := _address_in(place)) is None:
        return place
    try:
        target = parse_place(address)
    except UserError as error:
        raise UserError(_("{path} leads nowhere.").format(path=place), error.why, error.do) from error
    if not isinstance(target, ServerPlace):
        raise UserError(
            _("{path} leads nowhere.").format(path=place),
            _("It does not name the server."),
            _("Ask a colleague for the address, or make the link again with qisp round link."),
        )
    # Joined to an absolute one, the folder of the link does not count.
    return replace(target, files=place.absolute().parent / target.files) if target.files else target


def _address_in(path: Path) -> str | None:
    try:
        with open_file(path) as stream:
            data = stream.read(LARGEST + 1)
        content = json.loads(data) if data.startswith(b"{") and len(data) <= LARGEST else None
    except (OSError, ValueError, RecursionError):
        return None  # whoever opens it says what is wrong
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return None
    return str(content.get("address", ""))

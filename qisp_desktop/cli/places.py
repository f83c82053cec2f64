"""How verbs take a round: the name of a file, or the address of a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.cli.output import ask, can_ask
from qisp_desktop.store.places import RoundPlace, ServerPlace, parse_place

if TYPE_CHECKING:
    Place: TypeAlias = RoundPlace
else:
    Place = Path  # typer takes no union here; what a parser gives it does not look at again


def place_from(text: str) -> RoundPlace:
    """The place that an argument names; a wrong address is a mistake of usage, and is not printed again.

    The password of a server is asked for here, before any work begins, where it is missing and someone can answer.
    """
    try:
        place = parse_place(text)
    except UserError as error:
        raise typer.BadParameter(str(error)) from error
    return _with_password(place)


def _with_password(place: RoundPlace) -> RoundPlace:
    if not can_ask() or not (isinstance(place, ServerPlace) or place.is_file()):
        return place
    from qisp_desktop.store.opening import wanting_password

    server = wanting_password(place)
    if server is None:
        return place
    return server.with_password(ask(_("Password for {address}").format(address=server.address)))


RoundFile = Annotated[
    Place,
    typer.Argument(
        metavar="ROUND", parser=place_from, help="The round file (*.qround), or postgresql+psycopg://… of a server."
    ),
]

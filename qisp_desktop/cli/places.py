"""How verbs take a round: the name of a file, or the address of a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from qisp_desktop.base.errors import UserError
from qisp_desktop.store.places import RoundPlace, parse_place

if TYPE_CHECKING:
    Place: TypeAlias = RoundPlace
else:
    Place = Path  # typer takes no union here; what a parser gives it does not look at again


def place_from(text: str) -> RoundPlace:
    """The place that an argument names; a wrong address is a mistake of usage, and is not printed again."""
    try:
        return parse_place(text)
    except UserError as error:
        raise typer.BadParameter(str(error)) from error


RoundFile = Annotated[
    Place,
    typer.Argument(
        metavar="ROUND", parser=place_from, help="The round file (*.qround), or postgresql+psycopg://… of a server."
    ),
]

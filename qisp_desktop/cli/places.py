"""How verbs take a round: the name of a file, or the address of a database."""

from __future__ import annotations

from typing import Annotated

import typer

from qisp_desktop.base.errors import UserError
from qisp_desktop.store.places import RoundPlace, parse_place


def place_from(text: str) -> RoundPlace:
    """The place that an argument names; a wrong address is a mistake of usage, and is not printed again."""
    try:
        return parse_place(text)
    except UserError as error:
        raise typer.BadParameter(str(error)) from error


RoundFile = Annotated[
    RoundPlace,
    typer.Argument(
        metavar="ROUND", parser=place_from, help="The round file (*.qround), or postgresql+psycopg://… of a server."
    ),
]

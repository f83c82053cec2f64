"""Making a new round file: whole under its name, or not there at all."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert

from qisp_desktop.base.atomic import staged
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.store import dialect, schema
from qisp_desktop.store.audit import EMPTY
from qisp_desktop.store.change import Change


def create(path: Path, round: Round, rubric: Rubric, actor: str) -> None:
    """Write a round file with ``round`` and its ``rubric``; UserError when something is at ``path`` already."""
    if round.rubric != rubric.digest:
        raise ValueError("the round names another rubric")
    if path.exists():
        raise UserError(
            _("{path} is there already.").format(path=path),
            _("A round is never overwritten."),
            _("Choose another name."),
        )
    with dialect.told(path), staged(path) as temporary:
        _write(temporary, round, rubric, actor)


def _write(path: Path, round: Round, rubric: Rubric, actor: str) -> None:
    engine = dialect.engine_for(path, write=True, create=True)
    try:
        with engine.connect() as connection:
            dialect.mark_as_round_file(connection)
            with dialect.writing(connection):
                schema.metadata.create_all(connection)
                schema.alembic_version.create(connection)
                connection.execute(insert(schema.alembic_version).values(version_num=schema.REVISION))
                connection.execute(insert(schema.file_format).values(id=1, **schema.FORMAT._asdict()))
                connection.execute(insert(schema.audit_head).values(id=1, **EMPTY._asdict()))
                change = Change(path, connection, actor, "create round", {})
                change.put_all((rubric, round))
                change.finish()
    finally:
        engine.dispose()

"""Opening the database that a round lies in, by its place. What needs PostgreSQL's driver is loaded only for that."""

from __future__ import annotations

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.store.database import RoundDatabase
from qisp_desktop.store.file_database import open_file
from qisp_desktop.store.links import followed
from qisp_desktop.store.places import RoundPlace, ServerPlace


def open_database(place: RoundPlace, actor: str, *, write: bool) -> RoundDatabase:
    """The round at ``place``, or where a link there leads, as ``RoundStore.open`` says."""
    place = followed(place)
    if not isinstance(place, ServerPlace):
        return open_file(place, actor, write=write)
    require_driver(place)
    from qisp_desktop.store.server_database import open_server

    return open_server(place, write=write)


def wanting_password(place: RoundPlace) -> ServerPlace | None:
    """The server of ``place``, itself or where a link there leads, when it asks for a password that is not at hand; so
    that whoever can asks the person. Connects to it. None in all other cases, whatever is wrong: opening says it."""
    try:
        server = followed(place)
        if not isinstance(server, ServerPlace) or server.password is not None:
            return None
        require_driver(server)
    except UserError:
        return None
    from qisp_desktop.store.server_database import asks_for_password

    return server if asks_for_password(server) else None


def require_driver(place: ServerPlace) -> None:
    """Raise UserError when this installation cannot speak to PostgreSQL."""
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise UserError(
            _("{path} could not be reached.").format(path=place),
            _("This installation has no PostgreSQL driver."),
            _("Install the program with it: pip install 'qisp-desktop[postgresql]'."),
        ) from error

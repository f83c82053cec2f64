"""What to tell the person when a PostgreSQL server cannot do its work."""

from __future__ import annotations

import re

import psycopg
from psycopg.errors import (
    AdminShutdown,
    CannotConnectNow,
    ConfigurationLimitExceeded,
    CrashShutdown,
    DataError,
    DiskFull,
    IdleInTransactionSessionTimeout,
    InsufficientPrivilege,
    InsufficientResources,
    LockNotAvailable,
    QueryCanceled,
    ReadOnlySqlTransaction,
    UndefinedColumn,
    UndefinedTable,
)

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import N_, _
from qisp_desktop.store.errors import Damaged, Unreachable
from qisp_desktop.store.places import ServerPlace

_PREAMBLE = re.compile(r"^connection failed: |connection to server [^:]*\bfailed: |\b[A-Z]+:  ")
_REASONS = {
    "Connection refused": N_("No server answers there."),
    "timeout expired": N_("The server did not answer in time."),
    "failed to resolve host": N_("No computer of that name is known."),
    "server closed the connection unexpectedly": N_("The server ended the connection."),
    "terminating connection": N_("The server ended the connection."),
}
"""What a clerk meets most often, whatever language the server speaks otherwise."""
CONNECTION_CLASS = "08"
"""SQLSTATEs of a connection that broke begin so."""


def server_error(place: ServerPlace, error: psycopg.Error, *, changing: bool) -> UserError | None:
    """The trouble of network, server, rights or space that ``error`` reports about ``place``; None when it is a bug.

    ``changing`` says whether a change was under way.
    """
    if _connection_broke(error):
        return connection_lost(place, _reason(error), changing=changing)
    match error:
        case DiskFull() | ConfigurationLimitExceeded() | InsufficientResources():
            return UserError(
                _("{path} could not be written.").format(path=place.address),
                _("The server has no room left: {reason}").format(reason=_reason(error)),
                _("Nothing was changed. Ask who looks after the server to free some space, then try again."),
            )
        case InsufficientPrivilege():
            return UserError(
                _("{path} does not let this user do that.").format(path=place.address),
                _reason(error),
                _("Ask who looks after the server to make this user the owner of the database."),
            )
        case ReadOnlySqlTransaction():
            return UserError(
                _("{path} could not be written.").format(path=place.address),
                _("The server only lets its data be read at the moment."),
                _("Use the address of the main server, or wait until it can be written again."),
            )
        case QueryCanceled():
            return UserError(
                _("{path} stopped the work.").format(path=place.address),
                _("It took longer than the server allows."),
                _("Try again, or ask who looks after the server to allow more time."),
            )
        case LockNotAvailable():
            return UserError(
                _("{path} is being written by somebody else.").format(path=place.address),
                "",
                _("Wait a moment, then try again."),
            )
        case UndefinedTable() | UndefinedColumn():
            return Damaged(
                _("{path} is damaged.").format(path=place.address),
                _reason(error),
                _("Ask who looks after the server to put back a copy of the database from before."),
            )
        case DataError():
            return UserError(
                _("{path} cannot hold this text.").format(path=place.address),
                _reason(error),
                _("Remove the characters that cannot be seen from it, and try again."),
            )
    return None


def connection_refused(place: ServerPlace, error: psycopg.Error) -> UserError:
    """That the server, or the way to it, does not let this user in."""
    reason, connection = _reason(error), error.pgconn
    if connection is not None and connection.needs_password:
        return UserError(
            _("{path} asks for a password.").format(path=place.address),
            "",
            _(
                "Put it into the file .pgpass in your home folder, or into the variable PGPASSWORD; or run the command "
                "in a terminal, where it is asked for."
            ),
        )
    if "password authentication failed" in reason:
        return UserError(
            _("{path} does not take this user and password.").format(path=place.address),
            reason,
            _("Check both, capital letters too."),
        )
    if "does not exist" in reason:
        return UserError(
            _("{path} is not there.").format(path=place.address),
            reason,
            _("Check the name, or ask who looks after the server to make the database."),
        )
    return Unreachable(
        _("{path} could not be reached.").format(path=place.address),
        reason,
        _("Check that the server runs and that this computer is in its network, then try again."),
    )


def connection_lost(place: ServerPlace, reason: str, *, changing: bool) -> Unreachable:
    """That the connection ended in the middle of reading, or of a change that is therefore not kept."""
    again = _("Try again as soon as the server can be reached.")
    return Unreachable(
        _("The connection to {path} was lost.").format(path=place.address),
        reason,
        sentences(_("Nothing of the last change was kept."), again) if changing else again,
    )


def commit_unknown(place: ServerPlace, reason: str) -> Unreachable:
    """That the connection ended while the server was keeping a change, and cannot be asked whether it did."""
    return Unreachable(
        _("The connection to {path} was lost.").format(path=place.address),
        reason,
        _(
            "Whether your last change was kept cannot be told now. Look at it as soon as the server can be reached; "
            "it is there whole or not at all."
        ),
    )


def _connection_broke(error: psycopg.Error) -> bool:
    if isinstance(error, AdminShutdown | CrashShutdown | CannotConnectNow | IdleInTransactionSessionTimeout):
        return True
    if (error.sqlstate or "").startswith(CONNECTION_CLASS):
        return True
    # What libpq notices by itself has no SQLSTATE: the server closed the connection, no answer in time.
    return isinstance(error, psycopg.OperationalError) and error.sqlstate is None


def _reason(error: psycopg.Error) -> str:
    # Of the server's own words the first line, without what leads to our SQL, and without libpq's preamble.
    words = error.diag.message_primary or _PREAMBLE.sub("", next(iter(str(error).splitlines()), ""))
    for known, said in _REASONS.items():
        if known in words:
            return _(said)
    return f"{words}." if words and words[-1] not in ".!?。" else words

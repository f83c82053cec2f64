"""Where a round lies: in a round file, or in a PostgreSQL database that several clerks work on at once.

A place is named by text: the file's name, or an address such as
``postgresql+psycopg://clerk@office-server:5432/round2026?files=/share/round2026``. What a place says of itself
(``str``) never holds the password, so it can stand in messages, logs and recent files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _

SCHEME = "postgresql+psycopg"
SCHEMES = frozenset({SCHEME, "postgresql", "postgres"})
"""What an address may begin with; the first is what it is written with."""
DEFAULT_PORT = 5432
FILES = "files"
TLS = ("sslmode", "sslrootcert")
"""What an address may say about the encryption of the connection; the meaning is PostgreSQL's."""
LONGEST_NAME = 63
"""Bytes of a database's or role's name on a PostgreSQL server."""


@dataclass(frozen=True)
class ServerPlace:
    """A round in a database of a PostgreSQL server; one database holds one round.

    ``user`` empty is the name on this computer. ``password`` None leaves it to PostgreSQL's own ways (``~/.pgpass``,
    ``PGPASSWORD``). ``files`` is the folder of the round's materials as this computer sees it; None is what the
    database recorded when the round was made. ``tls`` are the given ones of ``TLS``.
    """

    host: str
    database: str
    user: str = ""
    port: int = DEFAULT_PORT
    password: str | None = field(default=None, repr=False)
    files: Path | None = None
    tls: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """The address without the password; ``parse_place`` reads it again."""
        options = [(FILES, self.files.as_posix())] if self.files else []
        query = urlencode([*options, *self.tls], safe="/:", quote_via=quote)
        return f"{self.address}?{query}" if query else self.address

    @property
    def address(self) -> str:
        """What of the address names the round, for messages: neither the password nor what stands after the ``?``."""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORT else f":{self.port}"
        return f"{SCHEME}://{user}{host}{port}/{quote(self.database, safe='')}"

    @property
    def name(self) -> str:
        """What the round is called where a file would show its name."""
        return self.database

    def with_password(self, password: str | None) -> ServerPlace:
        """The same place with ``password``, for a window that asks for it."""
        return replace(self, password=password)


RoundPlace: TypeAlias = Path | ServerPlace
"""Where a round lies."""


def parse_place(text: str) -> RoundPlace:
    """The place that ``text`` names; whatever is no address is a file's name.

    Raises UserError for an address that cannot be one. The message does not repeat the address, which may hold a
    password.
    """
    scheme, separator, _rest = text.strip().partition("://")
    if not separator or len(scheme) < 2:  # C://round.qround is a file
        return Path(text)
    if scheme.lower() not in SCHEMES:
        raise _no_address(_("It begins with {scheme}://.").format(scheme=scheme[:LONGEST_NAME]))
    return _server_place(text.strip())


def _server_place(text: str) -> ServerPlace:
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname or ""
        query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), errors="strict")
        user, database = (unquote(part, errors="strict") for part in (parts.username or "", parts.path[1:]))
        password = None if parts.password is None else unquote(parts.password, errors="strict")
    except ValueError as error:
        # Not the reason itself: it may quote the part with the password.
        raise _no_address(_("It cannot be read as an address.")) from error
    if not host:
        raise _no_address(_("It does not name the server."))
    if not database or "/" in database:
        raise _no_address(_("It does not name one database."))
    if port == 0:
        raise _no_address(_("Its port is none."))
    if parts.fragment or any(_odd(part) for part in (host, user, database, password or "")):
        raise _no_address(_("It holds characters that no address has."))
    if max(len(user.encode()), len(database.encode())) > LONGEST_NAME:
        raise _no_address(_("A name in it is longer than PostgreSQL's names can be."))
    options = dict(query)
    if len(options) < len(query) or (unknown := options.keys() - {FILES, *TLS}) or not all(options.values()):
        names = ", ".join(sorted(unknown)) if len(options) == len(query) else ""
        raise _no_address(
            _("After the question mark stands {names}.").format(names=names)
            if names
            else _("What stands after the question mark is empty or there twice.")
        )
    files = options.get(FILES)
    return ServerPlace(
        host,
        database,
        user,
        port or DEFAULT_PORT,
        password,
        Path(files) if files else None,
        tuple((name, options[name]) for name in TLS if name in options),
    )


def _odd(part: str) -> bool:
    return not part.isprintable()


def _no_address(why: str) -> UserError:
    return UserError(
        _("This is not the address of a round."),
        why,
        _("Give a file (*.qround), or an address such as {example}.").format(
            example=f"{SCHEME}://clerk@server/round2026?{FILES}=/share/round2026"
        ),
    )

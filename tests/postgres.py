"""A PostgreSQL server of the tests' own: on loopback, on a free port, its data in a folder that goes with it.

Debian's package ``postgresql`` gives the programs; the system's own server need not run.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from qisp_desktop.store.places import ServerPlace

HOST = "127.0.0.1"
SUPERUSER = "tests"
PASSWORD_USER = "clerk"
"""Whom the server lets in with a password only."""
PASSWORD = "p@ss/字 #1"
START_S = 30
SETTINGS = {
    "fsync": "off",
    "unix_socket_directories": "",
    "listen_addresses": HOST,
    "max_connections": "40",
    "shared_buffers": "16MB",
    "autovacuum": "off",
}
Rows = dict[str, list[tuple[object, ...]]]
"""All rows of a database, by table."""


class PostgresServer:
    """The running server; ``stop`` and ``start`` are what happens to it in the middle of somebody's work."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries = binaries
        self._folder = folder
        self._numbers = count(1)
        self._kept: dict[str, tuple[str, Rows]] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    def make(self) -> None:
        """A fresh data folder, whose superuser needs no password."""
        self._run("initdb", "-D", "data", "-U", SUPERUSER, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        rules = self._folder / "data" / "pg_hba.conf"
        rules.write_text(f"host all {PASSWORD_USER} {HOST}/32 scram-sha-256\n{rules.read_text()}")

    def start(self) -> None:
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        command = [*self._as_owner("postgres"), "-D", "data", "-p", str(self.port), *settings]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self._folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + START_S
        while True:
            try:
                psycopg.connect(self.conninfo("postgres")).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError((self._folder / "log").read_text()) from None
                time.sleep(0.05)

    def stop(self) -> None:
        """At once, as when the power fails; nobody is told goodbye."""
        if self._process is not None:
            self._process.send_signal(3)  # SIGQUIT: immediate
            self._process.wait()
            self._process = None

    def conninfo(self, database: str) -> str:
        return f"host={HOST} port={self.port} dbname={database} user={SUPERUSER} connect_timeout=5"

    @contextmanager
    def raw(self, database: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        """What somebody does past the program, each statement at once."""
        with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
            yield connection

    def new_database(self) -> str:
        """An empty database."""
        name = f"round{next(self._numbers)}"
        with self.raw("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def reused(self, kind: str, make: Callable[[str], None]) -> str:
        """A database as ``make`` leaves it, whatever tests did to its rows since.

        One for all tests of a ``kind``: putting its rows back takes a tenth of the time of a new database.
        """
        if kind not in self._kept:
            database = self.new_database()
            make(database)
            self._kept[kind] = (database, self._rows(database))
            return database
        database, rows = self._kept[kind]
        self._put_back(database, rows)
        return database

    def _rows(self, database: str) -> Rows:
        with self.raw(database) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            return {str(name): connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables}

    def _put_back(self, database: str, rows: Rows) -> None:
        with self.raw(database) as connection, connection.transaction():
            # No fences, no references; and a test that left a change open shows here.
            connection.execute("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '5s'")
            connection.execute(";".join(f'DELETE FROM "{name}"' for name in rows))
            with connection.cursor() as cursor:
                for name, found in rows.items():
                    if found:
                        places = ", ".join(["%s"] * len(found[0]))
                        cursor.executemany(f'INSERT INTO "{name}" VALUES ({places})', found)

    def drop(self, database: str) -> None:
        with self.raw("postgres") as connection:
            connection.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def place(self, database: str, files: Path) -> ServerPlace:
        return ServerPlace(HOST, database, SUPERUSER, self.port, files=files)

    def new_place(self, files: Path) -> ServerPlace:
        """An empty database for a round whose materials go into ``files``."""
        return self.place(self.new_database(), files)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_owner(program), *arguments]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def _as_owner(self, program: str) -> list[str]:
        # PostgreSQL refuses to run as root; and it must not outlive tests that were killed.
        setpriv = shutil.which("setpriv")
        assert setpriv is not None, "setpriv (util-linux) is missing"
        owner = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        return [setpriv, *owner, "--pdeathsig", "SIGQUIT", str(self._binaries / program)]


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server for as long as the block lasts."""
    binaries = _binaries()
    if binaries is None:
        reason = "PostgreSQL's programs are not installed (Debian: postgresql)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Not below pytest's own folder, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="qisp-postgres-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        server = PostgresServer(binaries, folder)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    found = shutil.which("postgres")
    if found is not None:
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(versions, key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0), default=None)
    return None if newest is None else newest.parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port

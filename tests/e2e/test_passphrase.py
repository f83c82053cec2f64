"""The secretariat's passphrase from the command line: another one, on paper; and the password of a server."""

from __future__ import annotations

import getpass
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qisp_desktop.cli import output
from qisp_desktop.services.office import unlock
from qisp_desktop.services.rounds import copy_round, new_round
from qisp_desktop.store.places import ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.e2e.command import done, qisp, refused
from tests.postgres import PASSWORD, PASSWORD_USER, PostgresServer
from tests.terminal import needs_a_terminal, run_at_terminal

OLD, NEW = "right and long", "another long one"


def secret(folder: Path, text: str) -> Path:
    """A file with a passphrase alone on its first line."""
    path = folder / f"{len(text)}.txt"
    path.write_text(text + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "2026.qround"
    new_round(path, year=2026, name="2026年度评审", passphrase=OLD)
    return path


@pytest.fixture
def round(made_once: Path, tmp_path: Path) -> Path:
    own = tmp_path / made_once.name
    own.write_bytes(made_once.read_bytes())
    return own


def text_of(pdf: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()


def test_the_keys_come_under_another_passphrase_and_the_trail_says_so(round: Path, tmp_path: Path) -> None:
    files = ("--passphrase-file", secret(tmp_path, OLD), "--new-passphrase-file", secret(tmp_path, NEW))

    ran = done("round", "passphrase", round, *files)

    assert "recovery sheet" in ran.err
    with RoundStore.open(round, actor="test") as store:
        unlock(store, NEW)
        assert store.audit_events()[-1].action == "passphrase"
    refused("round", "passphrase", round, *files, words="passphrase")


def test_a_new_passphrase_that_is_too_short_changes_nothing(round: Path, tmp_path: Path) -> None:
    short = secret(tmp_path, "short")
    refused(
        "round", "passphrase", round, "--passphrase-file", secret(tmp_path, OLD), "--new-passphrase-file", short,
        words="too short",
    )  # fmt: skip
    with RoundStore.open(round, actor="test") as store:
        unlock(store, OLD)


def test_without_a_terminal_the_missing_passphrase_is_a_mistake_of_usage(round: Path) -> None:
    ran = qisp("round", "passphrase", round)
    assert ran.code == 2
    assert "--passphrase-file" in ran.err


def test_the_recovery_sheet_has_lines_for_the_passphrase_or_the_passphrase_itself(round: Path, tmp_path: Path) -> None:
    blank, printed = tmp_path / "blank.pdf", tmp_path / "printed.pdf"

    done("round", "recovery", round, blank)
    done(
        "round", "recovery", round, printed, "--with-passphrase", "--passphrase-file", secret(tmp_path, OLD)
    )  # fmt: skip

    assert OLD not in text_of(blank)
    assert "".join(OLD.split()) in "".join(text_of(printed).split())
    assert (blank.stat().st_mode & 0o777, printed.stat().st_mode & 0o777) == (0o600, 0o600)


def test_a_wrong_passphrase_is_printed_on_no_sheet(round: Path, tmp_path: Path) -> None:
    out, wrong = tmp_path / "sheet.pdf", secret(tmp_path, NEW)
    refused(
        "round", "recovery", round, out, "--with-passphrase", "--passphrase-file", wrong, words="passphrase"
    )  # fmt: skip
    assert not out.exists()
    assert qisp("round", "recovery", round, out, "--passphrase-file", wrong).code == 2


# The password of a server ----------------------------------------------------------------------------------------


@pytest.fixture
def on_server(postgres: PostgresServer, made_once: Path, tmp_path: Path) -> Iterator[ServerPlace]:
    """A round whose owner the server lets in with a password only."""
    database = postgres.new_database()
    with postgres.raw("postgres") as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [PASSWORD_USER]).fetchall():
            connection.execute(f"CREATE ROLE {PASSWORD_USER} LOGIN PASSWORD '{PASSWORD}'")
        connection.execute(f"ALTER DATABASE {database} OWNER TO {PASSWORD_USER}")
    place = ServerPlace("127.0.0.1", database, PASSWORD_USER, postgres.port, files=tmp_path / "files")
    copy_round(made_once, place.with_password(PASSWORD))
    yield place
    postgres.drop(database)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody at a terminal who knows the password; what they were asked."""
    prompts: list[str] = []

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        return PASSWORD

    monkeypatch.setattr(output, "can_ask", lambda: True)
    monkeypatch.setattr("qisp_desktop.cli.places.can_ask", lambda: True)
    monkeypatch.setattr(getpass, "getpass", answer)
    return prompts


def test_without_a_terminal_a_server_that_asks_for_a_password_is_refused_with_what_to_do(
    on_server: ServerPlace,
) -> None:
    ran = refused("round", "show", on_server, words="asks for a password")
    assert ".pgpass" in ran.err
    assert "terminal" in ran.err


def test_at_a_terminal_the_password_is_asked_for_once_and_printed_nowhere(
    on_server: ServerPlace, asked: list[str], tmp_path: Path
) -> None:
    ran = done("round", "show", on_server)
    assert "2026年度评审" in ran.out
    assert asked == [f"Password for {on_server.address}: "]
    assert PASSWORD not in ran.out + ran.err

    link = tmp_path / "2026.qround"
    done("round", "link", on_server, link)
    assert len(asked) == 2
    assert "2026年度评审" in done("round", "show", link).out
    assert len(asked) == 3
    assert PASSWORD not in link.read_text(encoding="utf-8")


def test_where_the_password_is_at_hand_nobody_is_asked(
    on_server: ServerPlace, asked: list[str], monkeypatch: pytest.MonkeyPatch, round: Path
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    done("round", "show", on_server)
    done("round", "show", round)
    assert asked == []


def test_a_wrong_password_is_said_and_the_end_of_input_too(
    on_server: ServerPlace, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: "wrong")
    refused("round", "show", on_server, words="does not take this user and password")

    def ended(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", ended)
    assert "Nothing was typed" in qisp("round", "show", on_server).err


@needs_a_terminal
def test_the_password_is_typed_at_a_real_terminal_without_an_echo(on_server: ServerPlace) -> None:
    command = [sys.executable, "-m", "qisp_desktop.cli", "round", "show", str(on_server)]
    ran = run_at_terminal(command, "Password for", PASSWORD)
    assert ran.code == 0, ran.shown
    assert "2026年度评审" in ran.output.decode()
    assert PASSWORD not in (ran.shown + ran.output).decode()

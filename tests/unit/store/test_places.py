"""Addresses of rounds: what is read, what is refused, and what never shows."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.panel import Expert
from qisp_desktop.store import links
from qisp_desktop.store.places import ServerPlace, parse_place
from qisp_desktop.store.round_store import RoundStore
from tests.unit.store.samples import EXPERT

ADDRESS = "postgresql+psycopg://clerk@office:5433/round2026?files=/share/round%202026"


def test_an_address_names_server_database_and_folder() -> None:
    place = parse_place(ADDRESS)

    assert place == ServerPlace("office", "round2026", "clerk", 5433, None, Path("/share/round 2026"))
    assert str(place) == ADDRESS


@pytest.mark.parametrize("name", ["round.qround", "/share/评价.qround", "C://round.qround", "a:b", "postgresql", ""])
def test_what_is_no_address_is_a_file(name: str) -> None:
    assert parse_place(name) == Path(name)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "POSTGRESQL+psycopg"])
def test_addresses_that_other_programs_show_are_taken(scheme: str) -> None:
    assert str(parse_place(f"{scheme}://office/r?files=/s")) == "postgresql+psycopg://office/r?files=/s"


def test_a_password_is_used_and_never_shown() -> None:
    place = parse_place("postgresql+psycopg://clerk:s%40cret@office/r?files=/s")

    assert isinstance(place, ServerPlace)
    assert place.password == "s@cret"
    assert "cret" not in f"{place} {place!r}"
    assert str(place.with_password(None)) == str(place)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("mysql://office/r", "mysql://"),
        ("http://office/r", "http://"),
        ("postgresql+psycopg:///r", "does not name the server"),
        ("postgresql+psycopg://office", "does not name one database"),
        ("postgresql+psycopg://office/", "does not name one database"),
        ("postgresql+psycopg://office/a/b", "does not name one database"),
        ("postgresql+psycopg://office:0/r", "port"),
        ("postgresql+psycopg://u:topsecret@office:99999/r", "cannot be read"),
        ("postgresql+psycopg://u:topsecret@office:port/r", "cannot be read"),
        ("postgresql+psycopg://u:topsecret@[office/r", "cannot be read"),
        ("postgresql+psycopg://office/%ff", "cannot be read"),
        ("postgresql+psycopg://office/r%00", "characters"),
        ("postgresql+psycopg://u:topsecret%0a@office/r", "characters"),
        ("postgresql+psycopg://office/r#x", "characters"),
        (f"postgresql+psycopg://office/{'轮' * 22}", "longer"),
        ("postgresql+psycopg://office/r?password=topsecret", "stands password"),
        ("postgresql+psycopg://office/r?host=/tmp&files=/s", "stands host"),
        ("postgresql+psycopg://office/r?files=", "empty or there twice"),
        ("postgresql+psycopg://office/r?files=/a&files=/b", "empty or there twice"),
        ("postgresql+psycopg://office/r?files", "cannot be read"),
    ],
)
def test_what_is_no_address_of_a_round_is_refused_without_repeating_a_password(address: str, why: str) -> None:
    with pytest.raises(UserError, match="not the address of a round") as refused:
        parse_place(address)

    assert why in refused.value.why
    assert "topsecret" not in str(refused.value)


NAME = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=15)
HOST = st.sampled_from(["office", "10.0.0.7", "fe80::1", "db.example.gov.cn"])


@given(
    host=HOST,
    database=NAME.filter(lambda name: "/" not in name),
    user=st.one_of(st.just(""), NAME),
    port=st.integers(1, 65535),
    files=st.one_of(st.none(), NAME.map(lambda name: Path("/share") / name)),
    tls=st.sampled_from([(), (("sslmode", "verify-full"), ("sslrootcert", "/etc/ca #1.pem"))]),
)
def test_the_text_of_a_place_names_it_again(
    host: str, database: str, user: str, port: int, files: Path | None, tls: tuple[tuple[str, str], ...]
) -> None:
    place = ServerPlace(host, database, user, port, None, files, tls)

    assert parse_place(str(place)) == place


def test_a_link_on_the_share_leads_to_the_round_wherever_the_share_is_seen(
    full_server_place: ServerPlace, tmp_path: Path
) -> None:
    assert full_server_place.files is not None
    share = tmp_path / "share"
    share.mkdir()
    full_server_place.files.rename(share / "材料")
    link = share / "2026.qround"
    links.write_link(link, replace(full_server_place, password="s3cret"), share / "材料")
    assert b"s3cret" not in link.read_bytes()
    share = share.rename(tmp_path / "Z")

    with RoundStore.open(share / link.name, actor="a", write=True) as store:
        assert store.all(Expert) == [EXPERT]
        assert store.files == share / "材料"
        assert store.several_writers
        assert "2026.qround" not in str(store.place)


def test_a_link_names_materials_elsewhere_as_they_are(tmp_path: Path) -> None:
    links.write_link(tmp_path / "l.qround", ServerPlace("office", "r"), Path("/share/r"))

    assert links.followed(tmp_path / "l.qround") == ServerPlace("office", "r", files=Path("/share/r"))


def test_a_link_overwrites_nothing(path: Path) -> None:
    path.write_bytes(b"somebody's work")

    with pytest.raises(UserError, match="there already"):
        links.write_link(path, ServerPlace("office", "r"), Path("/share/r"))

    assert path.read_bytes() == b"somebody's work"


@pytest.mark.parametrize("address", ["", "2026.qround", "http://office/r", "postgresql+psycopg://u:topsecret@o:port/r"])
def test_a_link_that_leads_nowhere_is_told(path: Path, address: str) -> None:
    path.write_text(json.dumps({"format": links.FORMAT, "address": address}))

    with pytest.raises(UserError, match="leads nowhere") as refused:
        RoundStore.open(path, actor="a")

    assert "topsecret" not in str(refused.value)


@pytest.mark.parametrize("content", ["{", "{}", "[]", '{"format": "x"}', "{" * 4000, "{" + " " * 5000 + "}"])
def test_what_only_looks_like_a_link_is_no_round_file(path: Path, content: str) -> None:
    path.write_text(content)

    with pytest.raises(UserError, match="is not a round file"):
        RoundStore.open(path, actor="a")


def test_opening_a_file_loads_nothing_of_postgresql() -> None:
    script = "import sys, qisp_desktop.store.round_store; sys.exit('psycopg' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)

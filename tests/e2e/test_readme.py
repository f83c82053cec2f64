"""The README names every verb of the command, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.command import done

README = Path(__file__).resolve().parents[2] / "README.md"


def verbs(*group: str) -> dict[tuple[str, ...], str]:
    """Every verb with the text of its help."""
    text = done(*group, "--help").out
    commands = re.findall(r"^│ ([a-z][a-z-]*)  ", text.partition("Commands")[2], re.MULTILINE)
    if not commands:
        return {group: text}
    return {verb: help_ for command in commands for verb, help_ in verbs(*group, command).items()}


def test_the_readme_names_every_verb_with_options_that_it_has() -> None:
    known = verbs()
    named = set()
    for line in re.findall(r"^qisp (.*)$", README.read_text("utf-8"), re.MULTILINE):
        words = line.partition("  #")[0].split()
        (verb,) = [one for one in known if tuple(words[: len(one)]) == one]
        named.add(verb)
        for option in re.findall(r"--[a-z][a-z-]*", line.partition("  #")[0]):
            assert option in known[verb], line
    # The demonstration is made with make.
    assert named == set(known) - {("demo",)}

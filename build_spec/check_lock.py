"""Whether the locks still are what ``pyproject.toml`` asks for; reads files only, so it works without a network.

The locks must name every required package in a version that is allowed, with hashes; the development lock must hold the
same versions as the one that ships; and neither may name a host, so that each office installs from the index it has.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
SHIPS, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"

_HOST = re.compile(r"://|--(?:extra-)?index-url|--find-links|--trusted-host|\s@\s")

# A package may stand several times, for different versions of Python.
Locked = dict[str, list[Requirement]]


def parse_lock(text: str) -> Locked:
    """The pinned packages of a lock file; ``ValueError`` where an entry is not pinned or has no hash."""
    locked: Locked = {}
    joined = re.sub(r"\\\n\s*", " ", text)
    for line in joined.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        requirement, *hashes = line.split(" --hash=")
        if not hashes:
            raise ValueError(f"no hash: {line}")
        parsed = Requirement(requirement)
        if not str(parsed.specifier).startswith("=="):
            raise ValueError(f"not pinned: {requirement}")
        locked.setdefault(canonicalize_name(parsed.name), []).append(parsed)
    return locked


def problems(pyproject: str, ships: str, development: str) -> Iterator[str]:
    """What is stale or unfit in the locks; the arguments are the contents of the three files."""
    for name, text in ((SHIPS, ships), (DEVELOPMENT, development)):
        for line in text.splitlines():
            if _HOST.search(line):
                yield f"{name} names a place: {line.strip()}"
    try:
        locked_ships, locked_development = parse_lock(ships), parse_lock(development)
    except ValueError as error:
        yield str(error)
        return
    settings = tomllib.loads(pyproject)
    project = settings["project"]
    extras = [text for extra in project["optional-dependencies"].values() for text in extra]
    run, build = project["dependencies"], settings["build-system"]["requires"]
    for name, locked, requirements in (
        (SHIPS, locked_ships, run),
        (DEVELOPMENT, locked_development, [*run, *extras, *build]),
    ):
        for text in requirements:
            yield from (f"{name}: {problem}" for problem in _unsatisfied(Requirement(text), locked))
    for package, pinned in locked_ships.items():
        if {r.specifier for r in pinned} != {r.specifier for r in locked_development.get(package, [])}:
            yield f"{DEVELOPMENT}: another {package} than in {SHIPS}"


def _unsatisfied(requirement: Requirement, locked: Locked) -> Iterator[str]:
    pinned = locked.get(canonicalize_name(requirement.name), [])
    if not pinned:
        yield f"{requirement.name} is not locked"
    for entry in pinned:
        version = str(entry.specifier).removeprefix("==")
        if not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement.name} {version} is locked, {requirement.specifier} is asked for"


def main() -> int:
    """Print what is wrong; the exit code."""
    found = list(problems(*((ROOT / name).read_text("utf-8") for name in ("pyproject.toml", SHIPS, DEVELOPMENT))))
    for problem in found:
        print(f"{problem} (run `make lock`)", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

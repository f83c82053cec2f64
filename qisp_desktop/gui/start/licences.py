"""What ships with the program and under which licences, as the installed packages say it themselves."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import NamedTuple

PROGRAM = "qisp-desktop"
_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


class Shipped(NamedTuple):
    """A package: name, version, licence (empty where it does not say)."""

    name: str
    version: str
    licence: str


def shipped_packages() -> list[Shipped]:
    """Every package that the program needs, directly or not, by name; empty where nothing is known of the install."""
    waiting, seen, found = [PROGRAM], set[str](), list[Shipped]()
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in seen:
            continue
        seen.add(key)
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue  # for another system
        if key != PROGRAM:
            found.append(Shipped(package.metadata["Name"], package.version, licence_of(package)))
        waiting += _requirements(package)
    return sorted(found, key=lambda one: one.name.lower())


def licence_of(package: Distribution) -> str:
    """The licence in one line: the SPDX expression, the classifiers, the License field or its file's title."""
    metadata = package.metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    classified = [
        line.rsplit("::", 1)[1].strip() for line in metadata.get_all("Classifier", []) if "License ::" in line
    ]
    classified = [name for name in classified if name != "OSI Approved"]
    if classified:
        return ", ".join(classified)
    stated = metadata.get_all("License") or [""]
    return _first_line(stated[0]) or _title_of_licence_file(package)


def _title_of_licence_file(package: Distribution) -> str:
    named = package.metadata.get_all("License-File") or []
    texts = (package.read_text(place) for name in named for place in (f"licenses/{name}", name))
    return next((_first_line(text) for text in texts if text), "")


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0].strip()[:80] if lines else ""


def _requirements(package: Distribution) -> list[str]:
    names = []
    for requirement in package.requires or []:
        match = _NAME.match(requirement)
        if match is not None and "extra ==" not in requirement:
            names.append(match[1])
    return names

"""Giving single files to an application as materials, and taking them back: a supplement, a better scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.domain.application import Material
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.services.importing import merged_materials
from qisp_desktop.services.materials import kind_of, material_file
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.unknown import known_application

GIVEN = "add material"
"""The action under which the trail names each file that was given by hand."""


@dataclass(frozen=True)
class Given:
    """What was added, and the files whose names tell no kind."""

    added: tuple[Material, ...]
    unmatched: tuple[Path, ...]


def give_materials(
    round_at: RoundAt,
    number: str,
    files: Sequence[Path],
    kind: MaterialKind | None = None,
    *,
    work: Work | None = None,
) -> Given:
    """Add ``files`` to the application as ``kind``, or as the kinds that their names tell (Art. 15, 14 (2)).

    A file that is there already is not added again. Raises UserError for what is no file, or is too large.
    """
    work = work or Work()
    with writing(round_at) as store:
        application = known_application(store, number)
        kinds = [kind or kind_of(path.name) for path in files]
        taken = [material_file(p, number, k) for p, k in zip(files, kinds, strict=True) if k is not None]
        added = []
        for done, (file, sha256) in enumerate(zip(taken, store.add_files([one.path for one in taken]), strict=True)):
            work.report(_("Taking in materials"), done, len(taken))
            added.append(Material(file.kind, file.name, sha256, file.size))
        fresh = tuple(one for one in added if one not in application.materials)
        if fresh:
            with store.change("add materials") as change:
                change.put(replace(application, materials=merged_materials(application.materials, fresh)))
                for one in fresh:
                    change.note(GIVEN, f"application:{number}", material_words(one))
        return Given(fresh, tuple(path for path, k in zip(files, kinds, strict=True) if k is None))


def take_material_away(round_at: RoundAt, number: str, material: Material) -> None:
    """Take a material out of an application's record; its file stays beside the round."""
    with writing(round_at) as store:
        application = known_application(store, number)
        left = tuple(one for one in application.materials if one != material)
        with store.change("remove material") as change:
            change.put(replace(application, materials=left))
            change.note("remove material", f"application:{number}", material_words(material))


def put_material_back(round_at: RoundAt, number: str, material: Material) -> None:
    """Undo ``take_material_away``."""
    with writing(round_at) as store:
        application = known_application(store, number)
        with store.change("add materials") as change:
            change.put(replace(application, materials=merged_materials(application.materials, (material,))))
            change.note(GIVEN, f"application:{number}", material_words(material))


def material_words(material: Material) -> str:
    """A material as the trail names it."""
    return f"{material.kind.value} {material.sha256[:12]} {material.name}"

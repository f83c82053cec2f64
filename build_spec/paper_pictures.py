"""A picture of each page of each kind of paper, as a printer gives it: ``paper_pictures.py OUTDIR [ROUND]``.

The papers are those of a demonstration round made for the purpose, or of ``ROUND``; one paper of each kind is shown, in
grey, so that what must be told apart without colour is looked at without colour. Needs ``pdftoppm``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from qisp_desktop.services.demo import run_demo
from qisp_desktop.services.papers import PaperKind, WrittenPaper, export_papers

DPI = 100


def main(arguments: list[str] | None = None) -> int:
    """Draw the pictures; the exit code."""
    parser = argparse.ArgumentParser(description="A picture of each page of each kind of paper.")
    parser.add_argument("out", type=Path, help="where the pictures go")
    parser.add_argument("round", type=Path, nargs="?", help="a round file (default: a demonstration)")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if chosen.round is None:
            run_demo(folder / "demo")
            written = _written(folder / "demo" / "papers")
        else:
            written = export_papers(chosen.round, folder / "papers")
        for paper in _one_of_each(written):
            _draw(paper.path, chosen.out / f"paper-{paper.kind.value}")
    print(f"{len(list(chosen.out.glob('paper-*.png')))} pages in {chosen.out}")
    return 0


def _written(folder: Path) -> list[WrittenPaper]:
    """What the demonstration itself wrote: with signatures and photos."""
    return [
        WrittenPaper(path, kind, "", "", True) for kind in PaperKind for path in sorted((folder / kind).glob("*.pdf"))
    ]


def _one_of_each(written: list[WrittenPaper]) -> list[WrittenPaper]:
    """The first paper of each kind, which in the demonstration is the one with the most in it."""
    found: dict[PaperKind, WrittenPaper] = {}
    for paper in written:
        found.setdefault(paper.kind, paper)
    return list(found.values())


def _draw(pdf: Path, picture: Path) -> None:
    subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", "-png", str(pdf), str(picture)], check=True, timeout=120)


if __name__ == "__main__":
    sys.exit(main())

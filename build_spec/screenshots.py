"""A picture of each screen, in both themes, both languages and two sizes: ``screenshots.py OUTDIR [SCENE…]``.

The screens show a demonstration round made for the purpose, so that they look as they do in use. To add a screen, write
a function that brings the window there and put it into ``SCENES`` of ``scenes_expert`` or ``scenes_round``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import scenes_expert
import scenes_round
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog
from stage import Stage

from qisp_desktop.gui import theme
from qisp_desktop.gui.app import Application
from qisp_desktop.services.demo import run_demo

SIZES = ((1366, 768), (1920, 1080))
LANGUAGES = ("zh_CN", "en")
THEMES = ("light", "dark")
SCENES = scenes_expert.SCENES | scenes_round.SCENES


def take(stage: Stage, scenes: list[str], folder: Path) -> int:
    """Take every picture; how many there are."""
    taken = 0
    program = stage.program
    for look in THEMES:
        program.settings.theme = look
        for language in LANGUAGES:
            program.settings.language = language
            for size in SIZES:
                program.window.resize(*size)
                for scene in scenes:
                    SCENES[scene](stage)
                    stage.settle()
                    _save(program, folder / f"{scene}-{look}-{language}-{size[0]}.png")
                    taken += 1
    return taken


def _save(program: Application, path: Path) -> None:
    dialog = QApplication.activeModalWidget()
    picture = (dialog or program.window).grab()
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(str(path))
    if isinstance(dialog, QDialog):
        dialog.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def main(arguments: list[str] | None = None) -> int:
    """Make the demonstration and take the pictures; the exit code."""
    parser = argparse.ArgumentParser(description="A picture of each screen.")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"which ones, of: {', '.join(SCENES)}")
    parser.add_argument("--demo", type=Path, help="a folder that `qisp demo` filled, instead of a new one")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.scenes) - set(SCENES)):
        parser.error(f"no such screen: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as scratch:
        demo = options.demo or Path(scratch) / "qisp"
        if options.demo is None:
            print("making the demonstration round …")
            run_demo(demo)
        # The workspaces of the screens are the pictures' own.
        os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = str(Path(scratch) / "data")
        app = theme.application(sys.argv[:1])
        program = Application(app, Path(scratch) / "config")
        program.settings.auto_lock_minutes = 0
        program.start()
        letter = (demo / "out" / "letters" / "E007.txt").read_text("utf-8")
        package_path = demo / "out" / "packages" / "E007.qpanel"
        stage = Stage(program, demo / "round-2026.qround", package_path, letter.splitlines()[0], Path(scratch))
        stage.settle()
        taken = take(stage, options.scenes or list(SCENES), options.folder)
        program.stop()
    print(f"{taken} pictures in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

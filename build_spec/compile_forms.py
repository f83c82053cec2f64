"""Compile ``ui/*.ui`` into ``qisp_desktop/gui/forms/ui_*.py``; with ``--check`` only say what has drifted.

What uic writes is brought into the form that the rest of the code has: the signatures are annotated with the form's own
class, imports that are not used go, texts are translated by ``qisp_desktop.base.i18n``, and ruff lays it out. So the
generated modules pass the same checks as written ones, and a change in a form shows as a small diff.

To add a form, draw ``ui/unlock.ui`` in Qt Designer and run ``make forms``; use it by composition:
``self.ui = Ui_Unlock(); self.ui.setupUi(self)``.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import subprocess
import sys
from pathlib import Path

from defusedxml import ElementTree

ROOT = Path(__file__).resolve().parent.parent
OURS = '["qisp_desktop"]'
PACKAGE_DOCSTRING = '"""The forms of ``ui/``, compiled by ``build_spec/compile_forms.py``."""\n'


class FormError(Exception):
    """A form that cannot be compiled; the text says which and why."""


def compile_form(source: Path) -> str:
    """The module for the form at ``source``."""
    root = ElementTree.parse(source).getroot()
    widget = root.find("widget") if root is not None else None
    if widget is None:
        raise FormError(f"{source.name}: holds no widget")
    module = ast.parse(_run_uic(source))
    _Rewriter(form_class=widget.get("class", "QWidget")).visit(module)
    _keep_used_imports(module)
    header = (
        f'"""Compiled from ui/{source.name} by build_spec/compile_forms.py: change the form, not this module."""\n\n'
    )
    return _laid_out(header + ast.unparse(ast.fix_missing_locations(module)))


def compile_all(forms: Path) -> dict[str, str]:
    """The content of every generated module, by file name."""
    return {f"ui_{source.stem}.py": compile_form(source) for source in sorted(forms.glob("*.ui"))}


def drift(expected: dict[str, str], target: Path) -> list[str]:
    """What stands in ``target`` and should not, or the other way round; empty when all is as compiled."""
    found = {path.name: path.read_text("utf-8") for path in target.glob("ui_*.py")}
    problems = [f"{name}: no form in ui/ belongs to it" for name in sorted(found.keys() - expected.keys())]
    for name, content in expected.items():
        if name not in found:
            problems.append(f"{name}: not compiled")
        elif found[name] != content:
            problems.append(f"{name}: differs from its form")
    return problems


def write_all(expected: dict[str, str], target: Path) -> None:
    """Make ``target`` hold exactly the modules of ``expected``."""
    for stale in target.glob("ui_*.py"):
        if stale.name not in expected:
            stale.unlink()
    if not expected:
        return
    target.mkdir(parents=True, exist_ok=True)
    package = target / "__init__.py"
    if not package.exists():
        package.write_text(PACKAGE_DOCSTRING, "utf-8")
    for name, content in expected.items():
        (target / name).write_text(content, "utf-8")


class _Rewriter(ast.NodeTransformer):
    """Gives uic's class its annotations and drops what only served Python 2."""

    def __init__(self, form_class: str) -> None:
        self._form_class = form_class

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.bases = []
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        for argument in node.args.args[1:]:
            argument.annotation = ast.Name(self._form_class)
        node.returns = ast.Constant(None)
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        # `___qtablewidgetitem = self.table.horizontalHeaderItem(0)` may be None as far as the types know.
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name.startswith("___q"):
                present = ast.Compare(ast.Name(name), [ast.IsNot()], [ast.Constant(None)])
                return ast.If(present, [node], [])
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        node.kind = None  # u"…"
        return node


def _keep_used_imports(module: ast.Module) -> None:
    """Put the imports that the class needs, and no others, before it."""
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    used = {node.id for cls in classes for node in ast.walk(cls) if isinstance(node, ast.Name)}
    imports: list[ast.stmt] = []
    for node in module.body:
        if isinstance(node, ast.ImportFrom):
            node.names = [alias for alias in node.names if (alias.asname or alias.name) in used]
            if node.names:
                imports.append(node)
        elif isinstance(node, ast.Import):
            imports.append(node)  # a resource module, imported for its effect
    if "_" in used:
        imports.append(ast.ImportFrom("qisp_desktop.base.i18n", [ast.alias("_")], 0))
    module.body = [*imports, *classes]


def _run_uic(source: Path) -> str:
    uic = shutil.which("pyside6-uic", path=str(Path(sys.executable).parent)) or shutil.which("pyside6-uic")
    if uic is None:
        raise FormError("pyside6-uic is not installed: run `make venv`")
    # Connections by the names of methods break without a word when one is renamed: none are made.
    done = subprocess.run(
        [uic, "--tr", "_", "--no-autoconnection", str(source)], capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode != 0:
        raise FormError(f"{source.name}: {done.stderr.strip()}")
    return done.stdout


def _laid_out(text: str) -> str:
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--quiet", "--stdin-filename", "qisp_desktop/gui/forms/ui_form.py", "-"]
    settings = ["--config", "line-length=120", "--config", 'target-version="py311"']
    for command in (
        ["check", "--fix", "--select", "I", "--config", f"lint.isort.known-first-party={OURS}"],
        ["format"],
    ):
        text = subprocess.run(
            [*ruff, *command, *settings, *options],
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
    return text


def main(arguments: list[str] | None = None) -> int:
    """Compile or check; the exit code."""
    parser = argparse.ArgumentParser(description="Compile ui/*.ui into qisp_desktop/gui/forms.")
    parser.add_argument("--check", action="store_true", help="change nothing, fail when something has drifted")
    parser.add_argument("--forms", type=Path, default=ROOT / "ui", help="the folder of the forms")
    parser.add_argument("--target", type=Path, default=ROOT / "qisp_desktop" / "gui" / "forms", help="the package")
    options = parser.parse_args(arguments)
    try:
        expected = compile_all(options.forms)
    except FormError as error:
        print(error, file=sys.stderr)
        return 1
    if options.check:
        problems = drift(expected, options.target)
        for problem in problems:
            print(f"{options.target.name}/{problem} (run `make forms`)", file=sys.stderr)
        return 1 if problems else 0
    write_all(expected, options.target)
    print(f"{len(expected)} forms compiled")
    return 0


if __name__ == "__main__":
    sys.exit(main())

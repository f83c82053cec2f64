"""Rules of the house that a reviewer would otherwise have to remember.

Each rule says of a node of the syntax tree whether it breaks the rule. The tests run it over the whole program, and
over a few lines that must be caught, because a rule that catches nothing looks just like code that is in order.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "qisp_desktop"

Rule = Callable[[ast.AST], bool]


def extracts_a_whole_archive(node: ast.AST) -> bool:
    """No member name ever becomes a path."""
    return isinstance(node, ast.Attribute) and node.attr == "extractall"


def opens_a_file_for_writing(node: ast.AST) -> bool:
    """Files are written by base/atomic.py only: whole or not at all."""
    match node:
        case ast.Call(func=ast.Attribute(attr="write_text" | "write_bytes", value=owner)):
            return not (isinstance(owner, ast.Name) and owner.id == "atomic")
        case ast.Call(
            func=ast.Attribute(attr="copy" | "copy2" | "copyfile" | "copytree" | "move", value=ast.Name("shutil"))
        ):
            return True
        case ast.Call(
            func=ast.Name(id="open") | ast.Attribute(attr="fdopen"), args=[_, ast.Constant(value=str(mode)), *_]
        ):
            return bool(set("wax+") & set(mode))
        case ast.Call(func=ast.Attribute(attr="open"), args=[ast.Constant(value=str(mode)), *_]):
            return bool(re.fullmatch(r"[rwaxbt+]{1,3}", mode)) and bool(set("wax+") & set(mode))
        case ast.Call(func=ast.Name(id="open") | ast.Attribute(attr="open"), keywords=keywords):
            modes = [k.value.value for k in keywords if k.arg == "mode" and isinstance(k.value, ast.Constant)]
            return any(set("wax+") & set(mode) for mode in modes if isinstance(mode, str))
    return False


def uses_a_binary_float(node: ast.AST) -> bool:
    """Points are decimals: a binary float in the domain would be a rounding nobody decided on."""
    match node:
        case ast.Constant(value=float() | complex()):
            return True
        case ast.Name(id="float"):
            return True
    return False


def asserts(node: ast.AST) -> bool:
    """``python -O`` drops assertions, so nothing may rest on one."""
    return isinstance(node, ast.Assert)


def prints(node: ast.AST) -> bool:
    """Only the command line speaks on standard output."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def shows_a_secret(node: ast.AST) -> bool:
    """What is printed, by mistake or in a traceback, names no passphrase."""
    if not isinstance(node, ast.ClassDef):
        return False
    return any(
        isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and field.target.id in ("passphrase", "password", "secret")
        and "repr=False" not in ast.unparse(field)
        for field in node.body
    )


def broken(rule: Rule, folder: Path, but_not: Callable[[Path], bool] = lambda _: False) -> list[str]:
    """The places under ``folder`` that break ``rule``."""
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted(folder.rglob("*.py"))
        if not but_not(path.relative_to(PROGRAM))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if rule(node) and isinstance(node, (ast.expr, ast.stmt))
    ]


def is_the_atomic_writer(path: Path) -> bool:
    return path.parts[0] == "base" and path.name.startswith("atomic")


def test_no_archive_is_extracted_as_a_whole() -> None:
    assert broken(extracts_a_whole_archive, PROGRAM) == []


def test_only_the_atomic_writer_opens_files_for_writing() -> None:
    assert broken(opens_a_file_for_writing, PROGRAM, but_not=is_the_atomic_writer) == []


def test_the_domain_knows_no_binary_floats() -> None:
    assert broken(uses_a_binary_float, PROGRAM / "domain") == []


def test_nothing_rests_on_an_assertion() -> None:
    assert broken(asserts, PROGRAM) == []


def test_only_the_command_line_prints() -> None:
    assert broken(prints, PROGRAM, but_not=lambda path: path.parts[0] == "cli") == []


def test_no_value_prints_a_secret_that_it_holds() -> None:
    assert broken(shows_a_secret, PROGRAM) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (extracts_a_whole_archive, "archive.extractall(folder)"),
        (opens_a_file_for_writing, "open(path, 'w')"),
        (opens_a_file_for_writing, "open(path, mode='ab')"),
        (opens_a_file_for_writing, "os.fdopen(descriptor, 'wb')"),
        (opens_a_file_for_writing, "path.open('r+b')"),
        (opens_a_file_for_writing, "path.open(mode='x')"),
        (opens_a_file_for_writing, "path.write_text('x')"),
        (opens_a_file_for_writing, "(folder / 'x').write_bytes(b'')"),
        (opens_a_file_for_writing, "shutil.copyfile(a, b)"),
        (uses_a_binary_float, "points = 0.5"),
        (uses_a_binary_float, "float(text)"),
        (asserts, "assert points"),
        (prints, "print(points)"),
        (shows_a_secret, "class Letter:\n    passphrase: str"),
        (shows_a_secret, "class Proof(NamedTuple):\n    name: str\n    password: str = ''"),
    ],
)
def test_the_rules_catch_what_they_are_for(rule: Rule, code: str) -> None:
    assert any(rule(node) for node in ast.walk(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "open(path)",
        "open(path, 'rb')",
        "path.open('rb')",
        "archive.open('manifest.json')",
        "atomic.write_bytes(path, b'')",
    ],
)
def test_reading_and_the_atomic_writer_are_allowed(code: str) -> None:
    assert not any(opens_a_file_for_writing(node) for node in ast.walk(ast.parse(code)))


# --------------------------------------------------------------------------------------------- what the files promise


def test_the_locks_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        assert [line for line in lines if re.search(r"://|^--|^\s+--(?!hash=)|\s@\s", line)] == []


def test_the_program_imports_only_what_it_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]["postgresql"]
    declared = {canonicalize_name(Requirement(text).name) for text in [*project["dependencies"], *extras]}
    providers = packages_distributions()
    undeclared = set()
    for path in PROGRAM.rglob("*.py"):
        for module in imported_modules(path):
            names = {canonicalize_name(name) for name in providers.get(module, [module])}
            if module not in sys.stdlib_module_names | {"qisp_desktop"} and not names & declared:
                undeclared.add(f"{path.relative_to(ROOT)} imports {module}")

    # PySide6 is one package out of two distributions, shiboken6 comes with it.
    assert {line for line in undeclared if not line.endswith(("PySide6", "shiboken6"))} == set()


def imported_modules(path: Path) -> Iterator[str]:
    """The top-level names of what a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def readme_commands(program: str) -> set[str]:
    """What the README tells the reader to type after ``program``, inside its code."""
    text = (ROOT / "README.md").read_text("utf-8")
    code = "\n".join(re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text))
    return set(re.findall(rf"^{program} ([a-z][a-z0-9-]*(?: [a-z]+\b(?![./]))?)", code, re.MULTILINE))


def make_targets() -> Iterator[str]:
    for match in re.finditer(r"^([a-z0-9-]+):[^=\n]*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE):
        yield match[1]


def test_the_readme_names_only_targets_that_make_has() -> None:
    named = {command.split()[0] for command in readme_commands("make")}

    assert {"demo", "test"} <= named
    assert named <= set(make_targets())


def test_the_files_that_the_readme_points_to_exist() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / "README.md").read_text("utf-8"))

    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_names_only_verbs_that_the_command_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from qisp_desktop.cli import main

    named = readme_commands("qisp")
    assert {"round new", "desk sign", "collect", "export workbook"} <= named
    for verb in sorted(named):
        monkeypatch.setattr(sys, "argv", ["qisp", *verb.split(), "--help"])
        code: int | str | None
        try:
            code = main()
        except SystemExit as ended:
            code = ended.code
        assert not code, f"qisp {verb}: {capsys.readouterr().err}"

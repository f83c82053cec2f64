"""The one catalogue of texts: ``resources/i18n/zh_CN.po``, compiled to ``zh_CN/LC_MESSAGES/qisp.mo``.

Source texts are English and stand in the code: ``_("…")``, ``ngettext("…", "…", n)``, ``N_("…")`` where a text is named
now and translated later, and what typer shows as help: the docstrings of verbs and ``help="…"``. After adding one run
``make i18n`` and fill in the empty ``msgstr`` in the .po file (or give translations as JSON, ``{"source":
"translation"}``, with ``--fill``), then ``make i18n`` again.

``--check`` changes nothing and fails when a text is not in the catalogue, not translated, fuzzy, when a translation has
other placeholders than its source or half-width punctuation, when a text is not a plain string of its own, or when the
.mo file is not the .po file's.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = "zh_CN"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
HEADER = (
    "# The texts of QISP Desktop in Chinese. `make i18n` keeps this file; only the msgstr lines are written by hand."
)

_PERCENT = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]")
_MNEMONIC = re.compile(r"&(?=[^\s&])")
_HALF_WIDTH = re.compile("[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]")


class UndatedCatalog(Catalog):
    """A catalogue whose header names no dates and no tools, so that the same texts are the same bytes."""

    _KEPT = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The headers that say something about the texts."""
        return [(name, value) for name, value in self._get_mime_headers() if name in self._KEPT]


def extract(sources: Path) -> Catalog:
    """A catalogue of every text in the Python files under ``sources``, without translations."""
    found = _empty()
    for path in sorted(sources.rglob("*.py")):
        place = path.relative_to(sources.parent).as_posix()
        for _line, message, comments, _context in extract_from_file("python", path, KEYWORDS, ["i18n:"]):
            found.add(message, locations=[(place, 0)], auto_comments=comments)
        for message in help_texts(ast.parse(path.read_text("utf-8"))):
            found.add(message, locations=[(place, 0)])
    return found


def help_texts(module: ast.Module) -> Iterator[str]:
    """What typer shows as help: ``help="…"`` in its calls, and the docstrings of the functions that are its verbs."""
    verbs = set()
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="typer")), keywords=keywords):
                texts = [
                    one.value.value for one in keywords if one.arg == "help" and isinstance(one.value, ast.Constant)
                ]
                yield from (text for text in texts if isinstance(text, str) and text)
            case ast.Call(func=ast.Call() as maker, args=[ast.Name(id=name)]) if _makes_verbs(maker):
                verbs.add(name)
            case ast.FunctionDef(name=name, decorator_list=decorators) if any(map(_makes_verbs, decorators)):
                verbs.add(name)
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name in verbs:
            yield ast.get_docstring(node) or ""


def _makes_verbs(node: ast.expr) -> bool:
    """Whether ``node`` is ``app.command(…)`` or ``app.callback(…)``."""
    match node:
        case ast.Call(func=ast.Attribute(attr="command" | "callback")):
            return True
    return False


def read(po: Path) -> Catalog:
    """The catalogue as it stands; an empty one where there is none yet."""
    if not po.exists():
        return _empty()
    with po.open("rb") as stream:
        return read_po(stream, locale=LOCALE)


def updated(old: Catalog, source: Catalog, translations: dict[str, str]) -> Catalog:
    """The texts of ``source`` with the translations of ``old`` and, where given, of ``translations``.

    What is no longer in the source is kept as obsolete, and comes back when its text does.
    """
    known = {message.id: message for message in [*old.obsolete.values(), *old] if message.id and _translation(message)}
    new = _empty()
    for message in source:
        if not message.id:
            continue
        entry = new.add(message.id, locations=message.locations, auto_comments=message.auto_comments)
        given = translations.get(_source(message))
        if given:
            entry.string = given if isinstance(message.id, str) else (given,)
        elif message.id in known:
            before = known[message.id]
            entry.string, entry.flags, entry.user_comments = before.string, before.flags, before.user_comments
    for id_, message in known.items():
        if id_ not in new:
            new.obsolete[id_] = Message(id_, message.string)
    return new


def po_bytes(catalog: Catalog) -> bytes:
    """The .po file of ``catalog``: sorted, without line numbers, so that moving code changes nothing."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=120, sort_output=True, include_lineno=False)
    return stream.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """The .mo file of ``catalog``."""
    undated = _empty()
    for message in sorted((m for m in catalog if m.id and _translation(m)), key=lambda m: str(m.id)):
        undated[message.id] = message
    stream = io.BytesIO()
    write_mo(stream, undated)
    return stream.getvalue()


def problems(source: Catalog, catalog: Catalog, mo: Path) -> Iterator[str]:
    """What is wrong with ``catalog`` as the translation of ``source``."""
    known = {message.id: message for message in catalog if message.id}
    for message in source:
        if not message.id:
            continue
        if message.id not in known:
            yield f"not in the catalogue: {_shown(message)}"
        else:
            yield from _translation_problems(known[message.id])
    if not mo.exists() or mo.read_bytes() != mo_bytes(catalog):
        yield f"{mo.name} is not compiled from the catalogue"


def unextractable(sources: Path) -> Iterator[str]:
    """Calls whose text the catalogue cannot see: put together while the program runs, or inside an f-string."""
    for path in sorted(sources.rglob("*.py")):
        place = path.relative_to(sources.parent).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in KEYWORDS:
                    if isinstance(first, (ast.JoinedStr, ast.BinOp)) or _is_formatted(first):
                        yield f"{place}:{node.lineno}: {name}() needs a plain string"
                case ast.JoinedStr() if any(_names_text(inner) for inner in ast.walk(node)):
                    yield f"{place}:{node.lineno}: a text inside an f-string is not gathered"


def placeholders(text: str) -> set[str]:
    """The fields that ``str.format`` or ``%`` would fill in ``text``."""
    try:
        fields = {f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:  # a lone brace: a text that is never formatted
        fields = set()
    return fields | set(_PERCENT.findall(text.replace("%%", "")))


def _names_text(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(), *_]) if name in KEYWORDS:
            return True
    return False


def _is_formatted(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format")):
            return True
    return False


def _translation_problems(message: Message) -> Iterator[str]:
    source, translation = _source(message), _translation(message)
    if not translation:
        yield f"not translated: {_shown(message)}"
        return
    if message.fuzzy:
        yield f"fuzzy: {_shown(message)}"
    if placeholders(source) != placeholders(translation):
        yield f"other placeholders: {_shown(message)} → {translation!r}"
    if len(_MNEMONIC.findall(source)) != len(_MNEMONIC.findall(translation)):
        yield f"other mnemonics (&): {_shown(message)} → {translation!r}"
    if _HALF_WIDTH.search(translation):
        yield f"half-width punctuation: {_shown(message)} → {translation!r}"
    if source.startswith("\n") != translation.startswith("\n") or source.endswith("\n") != translation.endswith("\n"):
        yield f"other line ends: {_shown(message)} → {translation!r}"


def _source(message: Message) -> str:
    """What the translation must say; Chinese has one plural form, which speaks of any number as the plural does."""
    return message.id if isinstance(message.id, str) else message.id[1]


def _translation(message: Message) -> str:
    if isinstance(message.string, str):
        return message.string
    return message.string[0] if message.string else ""


def _shown(message: Message) -> str:
    places = ", ".join(sorted({path for path, _ in message.locations}))
    return f"{message.id!r} ({places})"


def _empty() -> UndatedCatalog:
    return UndatedCatalog(locale=LOCALE, project="QISP Desktop", header_comment=HEADER, fuzzy=False)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        part = path.with_name(path.name + ".part")
        part.write_bytes(content)
        part.replace(path)


def _report(lines: Iterable[str]) -> int:
    found = list(lines)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


def main(arguments: list[str] | None = None) -> int:
    """Update and compile, or check; the exit code."""
    parser = argparse.ArgumentParser(description="Keep the catalogue of texts.")
    parser.add_argument("--check", action="store_true", help="change nothing, fail when something is missing or stale")
    parser.add_argument("--fill", type=Path, metavar="JSON", help='translations to enter: {"source": "translation"}')
    parser.add_argument("--missing", action="store_true", help="print what has no translation, as JSON for --fill")
    parser.add_argument("--prune", action="store_true", help="forget the translations of texts that are gone")
    parser.add_argument("--sources", type=Path, default=ROOT / "qisp_desktop", help="the package with the texts")
    parser.add_argument("--catalogues", type=Path, default=ROOT / "resources" / "i18n", help="the catalogue's folder")
    options = parser.parse_args(arguments)
    po = options.catalogues / f"{LOCALE}.po"
    mo = options.catalogues / LOCALE / "LC_MESSAGES" / "qisp.mo"

    source = extract(options.sources)
    if options.check:
        return _report([*unextractable(options.sources), *problems(source, read(po), mo)])
    fill = json.loads(options.fill.read_text("utf-8")) if options.fill else {}
    catalog = updated(read(po), source, fill)
    if options.prune:
        catalog.obsolete.clear()
    _write(po, po_bytes(catalog))
    _write(mo, mo_bytes(catalog))
    missing = {_source(message): "" for message in catalog if message.id and not _translation(message)}
    if options.missing:
        print(json.dumps(missing, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print(f"{len(catalog)} texts, {len(missing)} without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())

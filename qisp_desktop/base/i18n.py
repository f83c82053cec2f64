"""Text in the person's language: one gettext catalogue, English source, complete zh_CN.

Source strings are marked with ``_`` (translated where it stands), ``N_`` (only marked, translated later) or
``ngettext``. Papers and workbooks are written in the round's document language: ``with using("zh_CN"): ...``.
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "zh_CN")
_chosen: str | None = None
_override: ContextVar[str | None] = ContextVar("qisp_language", default=None)


def system_language() -> str:
    """``zh_CN`` where the system speaks Chinese, else ``en``; ``QISP_LANGUAGE`` overrides it."""
    for name in ("QISP_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh_CN" if value.lower().startswith("zh") else "en"
    if sys.platform in ("win32", "darwin"):
        import locale

        return "zh_CN" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
    return "en"


def set_language(language: str | None) -> None:
    """Set the language of the whole process; ``None`` follows the system, which is asked anew."""
    global _chosen
    if language is not None and language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}")
    _chosen = language
    _system_once.cache_clear()


def language() -> str:
    """The language that ``_`` translates into at this point."""
    return _override.get() or _chosen or _system_once()


@cache
def _system_once() -> str:
    """Not asked for every word: the reasons of a formal check are thousands of them."""
    return system_language()


@contextmanager
def using(language: str) -> Iterator[None]:
    """Translate into ``language`` inside the block, in this thread or task only."""
    token = _override.set(language)
    try:
        yield
    finally:
        _override.reset(token)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    source = files("qisp_desktop.resources").joinpath("i18n", language, "LC_MESSAGES", "qisp.mo")
    if not source.is_file():
        return gettext.NullTranslations()
    with source.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def _(message: str, context: str | None = None) -> str:
    """``message`` in the current language; ``context`` is what Qt Designer forms pass and is not looked at."""
    return _catalogue(language()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form for ``count`` in the current language."""
    return _catalogue(language()).ngettext(singular, plural, count)


def N_(message: str) -> str:
    """Mark ``message`` for the catalogue and return it as it is."""
    return message


def labelled(label: str, value: object) -> str:
    """``label: value``, with the punctuation of the current language."""
    return _("{label}: {value}").format(label=label, value=value)

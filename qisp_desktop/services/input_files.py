"""JSON files that a person hands in: policies, scores, inspections."""

from __future__ import annotations

from pathlib import Path

from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.base.strict_json import JsonError, parse

LARGEST = 64 << 20
"""Bytes of such a file, at most."""


def read_document(path: Path) -> object:
    """The value in a JSON file. Raises UserError, with line and column, for what is no strict JSON."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise JsonTooLarge
        return parse(data.decode("utf-8-sig")).value
    except OSError as error:
        raise _unusable(path, os_reason(error)) from error
    except JsonTooLarge as error:
        raise _unusable(path, _("It is larger than 64 MB.")) from error
    except UnicodeDecodeError as error:
        raise _unusable(path, _("It is not a UTF-8 text file.")) from error
    except JsonError as error:
        raise _unusable(path, str(error)) from error


class JsonTooLarge(Exception):
    """More bytes than any such file has."""


def _unusable(path: Path, why: str) -> UserError:
    return UserError(_("{path} cannot be used.").format(path=path), why, _("Correct the file and try again."))

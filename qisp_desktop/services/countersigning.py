"""Signatures beside the expert's: the panel leader's and the secretariat's seal, each over all before it."""

from __future__ import annotations

from typing import Final

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.documents.signing import Field, sign_field

LEADER: Final[Field] = "PanelLeader"
SECRETARIAT: Final[Field] = "Secretariat"


def countersigned(pdf: bytes, field: Field, credentials: Credentials, *, name: str) -> bytes:
    """``pdf`` with ``field`` signed; raises UserError where it may not be signed now."""
    return sign_field(pdf, field, credentials, name=name)

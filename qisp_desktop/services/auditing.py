"""The audit trail: printing it, and checking that nothing in the round was changed behind its back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from qisp_desktop.base.codec import encode
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.exchange.certificates import is_office
from qisp_desktop.exchange.signatures import check_detached, signer_certificate
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.store.audit import AuditEvent, AuditHead
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class AuditReport:
    """The events in their order, the head of the chain, and what is wrong (empty when nothing is, or unchecked)."""

    events: tuple[AuditEvent, ...]
    head: AuditHead
    problems: tuple[str, ...]
    verified: bool

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        document: dict[str, Any] = {
            "head": {"seq": self.head.seq, "digest": self.head.digest},
            "events": [encode(event) for event in self.events],
        }
        if self.verified:
            document |= {"valid": not self.problems, "problems": list(self.problems)}
        return document


def audit(round_at: RoundAt, *, verify: bool = False) -> AuditReport:
    """The audit trail of the round; with ``verify`` also every link, every signed head and every kept record."""
    with reading(round_at) as store:
        problems = store.verify_audit(_seal_checker(store)) if verify else []
        try:
            events = tuple(store.audit_events())
        except UserError as error:
            # An event that cannot even be read is among the problems; without them it is all there is to say.
            if not verify:
                raise
            events = ()
            problems = problems or [str(error)]
        return AuditReport(events, store.audit_head(), tuple(problems), verify)


def _seal_checker(store: RoundStore) -> Callable[[bytes, bytes], str]:
    """How the signature of a seal is checked: it must be the office's, under the round's authority."""
    try:
        root = x509.load_pem_x509_certificate(store.round().authority.encode("ascii"))
    except (UserError, ValueError):
        return lambda data, signature: _("the round's own record was changed, so its authority is not known")

    def check(data: bytes, signature: bytes) -> str:
        signer = signer_certificate(signature)
        if signer is None or not is_office(signer):
            # Experts' certificates come from the same authority.
            return _("It was not signed by the office.")
        return check_detached(data, signature, signer=None, roots=[root])

    return check

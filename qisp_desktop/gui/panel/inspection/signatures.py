"""Both sides sign the finished record on the screen, or later on paper."""

from __future__ import annotations

from PySide6.QtCore import Signal

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import Side
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.gui.widgets.signature_pad import SignatureField


class Signatures(Card):
    """A pad for each side."""

    signed = Signal(object, object)
    """A Side and what it has drawn (Handwriting or None)."""

    def __init__(self) -> None:
        super().__init__(_("Signatures on site"))
        self.hint = label("", "second", wrap=True)
        self.body.addWidget(self.hint)
        self.fields: dict[Side, SignatureField] = {}
        for side in Side:
            self.fields[side] = self._field(side)
            self.body.addWidget(self.fields[side])

    def show_draft(self, draft: InspectionDraft, expert: str, *, signable: bool, missing: bool) -> None:
        """Show what was drawn; can be drawn where it is ``signable`` and nothing is ``missing``."""
        drawn = {one.side: one for one in draft.signatures}
        names = {Side.EXPERT: expert, Side.HOST: draft.received_by}
        for side, field in self.fields.items():
            signature = drawn.get(side)
            name = names[side] if signature is None else signature.name
            field.set_title(_("{side}: {name}").format(side=side.label, name=name) if name else side.label)
            read_only = not signable or missing
            field.show_drawing(None if signature is None else signature.drawing, read_only=read_only)
        if not signable:
            self.hint.setText("")
        elif missing:
            self.hint.setText(_("The record is signed when it is complete."))
        else:
            self.hint.setText(_("Sign with mouse, pen or finger; or leave it empty and sign the printed record."))
        self.hint.setVisible(bool(self.hint.text()))

    def _field(self, side: Side) -> SignatureField:
        field = SignatureField()
        field.changed.connect(lambda: self.signed.emit(side, field.drawing))
        return field

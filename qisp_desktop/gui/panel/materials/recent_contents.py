"""Contents of materials that were read a moment ago, so that going back to one does not decrypt it again."""

from __future__ import annotations

from collections import OrderedDict

KEPT_BYTES = 64 << 20


class RecentContents:
    """Up to ``most_bytes`` of contents by SHA-256, those used last; a larger one is not kept at all."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self.bytes_held = 0

    def get(self, sha256: str) -> bytes | None:
        """The content, if it is still here."""
        content = self._held.get(sha256)
        if content is not None:
            self._held.move_to_end(sha256)
        return content

    def keep(self, sha256: str, content: bytes) -> None:
        """Keep ``content``, at the expense of those not used for longest."""
        if sha256 in self._held or len(content) > self._most_bytes:
            return
        self._held[sha256] = content
        self.bytes_held += len(content)
        while self.bytes_held > self._most_bytes:
            self.bytes_held -= len(self._held.popitem(last=False)[1])

    def forget(self) -> None:
        """Keep nothing."""
        self._held.clear()
        self.bytes_held = 0

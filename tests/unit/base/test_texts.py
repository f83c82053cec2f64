"""What is left of a text that a person typed or pasted."""

from __future__ import annotations

import sys
import unicodedata

from qisp_desktop.base.texts import clean_text


def test_every_control_character_but_the_line_feed_and_every_half_surrogate_is_left_out() -> None:
    controls = {place for place in range(sys.maxunicode + 1) if unicodedata.category(chr(place)) in ("Cc", "Cs")}
    others = "".join(chr(place) for place in range(ord("!"), sys.maxunicode) if place not in controls)
    assert clean_text(f"a{others}b") == f"a{others}b"
    # Two stand for a line feed and a blank.
    assert {clean_text(f"a{chr(place)}b") for place in controls - {ord("\r"), ord("\n"), ord("\t")}} == {"ab"}


def test_line_ends_become_one_kind_and_blanks_around_go() -> None:
    assert clean_text(" \t一\r\n二\r三\n\n") == "一\n二\n三"

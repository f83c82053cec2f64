"""The colours of the two themes, and the rule that all text can be read on all it stands on.

Nine colours are the design's; the others follow from them. ``good`` and ``warn`` are shapes (dots, bars, borders,
which need 3:1); words in these meanings use ``good_text`` and ``warn_text``, because the light theme's green and amber
reach only 4.4:1 and 4.0:1 on white.
"""

# No `from __future__ import annotations` here: NamedTuple would compile each annotation, before the first paint.
from typing import NamedTuple

MINIMUM_CONTRAST = 4.5
"""WCAG 2.1, 1.4.3 (AA), for text of any size."""


class Tokens(NamedTuple):
    """One theme: every colour a screen may use, as ``#RRGGBB``."""

    window: str
    card: str
    line: str
    text: str
    second: str
    accent: str
    good: str
    warn: str
    bad: str
    # what follows from these
    edge: str
    """The border of what can be typed into or clicked."""
    hover: str
    """A row or quiet button under the pointer."""
    accent_hover: str
    accent_text: str
    """Links and accented words, also on ``accent_soft``."""
    good_text: str
    warn_text: str
    bad_text: str
    on_accent: str
    """Text on ``accent`` and ``accent_hover``."""
    accent_soft: str
    """The selected row."""
    good_soft: str
    warn_soft: str
    bad_soft: str
    disabled: str
    """Text of what cannot be used now; contrast rules do not ask for more than that it is seen (WCAG 1.4.3)."""
    dark: bool


LIGHT = Tokens(
    window="#F3F5F8",
    card="#FFFFFF",
    line="#E3E7EE",
    text="#1B2430",
    second="#5B6675",
    accent="#2B66F0",
    good="#1F8A4D",
    warn="#B86E00",
    bad="#C63333",
    edge="#B4BECC",
    hover="#EDF1F7",
    accent_hover="#1F57D6",
    accent_text="#1F57D6",
    good_text="#17693B",
    warn_text="#854F00",
    bad_text="#B42A2A",
    on_accent="#FFFFFF",
    accent_soft="#E3ECFE",
    good_soft="#E4F1EA",
    warn_soft="#FBF1DE",
    bad_soft="#FBE9E9",
    disabled="#8C96A3",
    dark=False,
)

DARK = Tokens(
    window="#14181F",
    card="#1C222B",
    line="#2E3642",
    text="#E8ECF2",
    second="#A3AEBD",
    accent="#6C97FF",
    good="#4CC38A",
    warn="#F2B04C",
    bad="#FF7B7B",
    edge="#4A5566",
    hover="#252D38",
    accent_hover="#86A9FF",
    accent_text="#86A9FF",
    good_text="#5BD199",
    warn_text="#F2B04C",
    bad_text="#FF8F8F",
    on_accent="#10141A",
    accent_soft="#24314E",
    good_soft="#1D3229",
    warn_soft="#382C18",
    bad_soft="#3C2226",
    disabled="#6F7B8B",
    dark=True,
)


def text_pairs(tokens: Tokens) -> dict[str, tuple[str, str]]:
    """Every pair of text and background that the screens use, by name."""
    grounds = ("window", "card", "hover", "accent_soft", "good_soft", "warn_soft", "bad_soft")
    pairs = {f"{text} on {ground}": (text, ground) for text in ("text", "second") for ground in grounds}
    pairs |= {"accent_text on " + ground: ("accent_text", ground) for ground in grounds[:4]}
    for meaning in ("good", "warn", "bad"):
        for ground in ("window", "card", "hover", "accent_soft", f"{meaning}_soft"):
            pairs[f"{meaning}_text on {ground}"] = (f"{meaning}_text", ground)
    pairs["tooltip"] = ("card", "text")
    pairs |= {f"on_accent on {ground}": ("on_accent", ground) for ground in ("accent", "accent_hover")}
    return {name: (getattr(tokens, text), getattr(tokens, ground)) for name, (text, ground) in pairs.items()}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two ``#RRGGBB`` colours by WCAG 2.1: 1 (equal) to 21 (black and white)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

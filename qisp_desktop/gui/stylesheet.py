"""The style sheet: what Fusion and the palette cannot say, in the tokens' colours.

Widgets name what they are by the dynamic property ``role`` (labels, buttons, frames), never by a colour of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qisp_desktop.gui.tokens import Tokens


def stylesheet(t: Tokens, px: Callable[[int], int], pt: Callable[[float], float], icons: Path) -> str:
    """The Qt style sheet; ``px`` and ``pt`` scale lengths and text sizes, ``icons`` holds the arrows."""
    return "".join(
        (
            _text(t, pt),
            _surfaces(t, px),
            _buttons(t, px, icons),
            _chips(t, px),
            _inputs(t, px, icons),
            _views(t, px),
            _bars(t, px),
        )
    )


def role(widget_role: str) -> tuple[str, str]:
    """The property that makes a widget look as ``widget_role``: ``label.setProperty(*role("title"))``."""
    return "role", widget_role


def _text(t: Tokens, pt: Callable[[float], float]) -> str:
    return f"""
QLabel {{ background: transparent; }}
QLabel[role="display"] {{ font-size: {pt(20)}pt; font-weight: bold; }}
QLabel[role="title"] {{ font-size: {pt(15)}pt; font-weight: bold; }}
QLabel[role="heading"] {{ font-size: {pt(12.5)}pt; font-weight: bold; }}
QLabel[role="number"] {{ font-size: {pt(22)}pt; font-weight: bold; color: {t.accent_text}; }}
QLabel[role="second"] {{ color: {t.second}; }}
QLabel[role="good"] {{ color: {t.good_text}; }}
QLabel[role="warn"] {{ color: {t.warn_text}; }}
QLabel[role="bad"] {{ color: {t.bad_text}; }}
QLabel[role="bad-title"] {{ font-size: {pt(15)}pt; font-weight: bold; color: {t.bad_text}; }}
QToolTip {{ color: {t.card}; background: {t.text}; border: 0; padding: 6px 8px; }}
"""


def _surfaces(t: Tokens, px: Callable[[int], int]) -> str:
    banners = "".join(
        f'QFrame[role="banner-{meaning}"] {{ background: {soft}; border: 1px solid {colour}; border-radius: 8px; }}\n'
        for meaning, soft, colour in (
            ("info", t.accent_soft, t.accent),
            ("good", t.good_soft, t.good),
            ("warn", t.warn_soft, t.warn),
            ("bad", t.bad_soft, t.bad),
        )
    )
    return f"""
QFrame[role="card"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[role="header"] {{ background: {t.card}; border: 0; border-bottom: 1px solid {t.line}; }}
QFrame[role="rule"] {{ background: {t.line}; border: 0; max-height: 1px; min-height: 1px; }}
QScrollArea, QScrollArea > QWidget > QWidget[role="page"] {{ background: transparent; border: 0; }}
{banners}"""


def _buttons(t: Tokens, px: Callable[[int], int], icons: Path) -> str:
    check = (icons / f"check-{'dark' if t.dark else 'light'}.svg").as_posix()
    return f"""
QPushButton {{ background: {t.card}; border: 1px solid {t.edge}; border-radius: 6px;
    padding: {px(4)}px {px(14)}px; min-height: {px(24)}px; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.line}; }}
QPushButton:checked {{ background: {t.accent_soft}; border-color: {t.accent}; color: {t.accent_text}; }}
QPushButton:focus {{ border: 2px solid {t.accent}; padding: {px(4) - 1}px {px(14) - 1}px; }}
QPushButton:disabled {{ color: {t.disabled}; border-color: {t.line}; background: {t.window}; }}
QPushButton[role="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent};
    font-weight: bold; }}
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:pressed {{ background: {t.accent_hover}; }}
QPushButton[role="primary"]:checked {{ background: {t.accent_soft}; color: {t.accent_text}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {t.text}; }}
QPushButton[role="primary"]:disabled {{ background: {t.line}; color: {t.disabled}; border-color: {t.line}; }}
QPushButton[role="big"], QPushButton[role="big-primary"] {{ text-align: left; padding: {px(10)}px {px(18)}px;
    min-height: {px(32)}px; border-radius: 8px; }}
QPushButton[role="big-primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent};
    font-weight: bold; }}
QPushButton[role="big-primary"]:hover, QPushButton[role="big-primary"]:pressed {{ background: {t.accent_hover}; }}
QPushButton[role="big"]:focus {{ padding: {px(10) - 1}px {px(18) - 1}px; }}
QPushButton[role="big-primary"]:focus {{ border: 2px solid {t.text}; padding: {px(10) - 1}px {px(18) - 1}px; }}
QPushButton[role="quiet"], QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 6px;
    padding: {px(4)}px {px(8)}px; min-height: {px(22)}px; }}
QPushButton[role="quiet"]:hover, QToolButton:hover {{ background: {t.hover}; }}
QPushButton[role="quiet"]:focus, QToolButton:focus {{ border: 2px solid {t.accent};
    padding: {px(4) - 1}px {px(8) - 1}px; }}
QToolButton:checked {{ background: {t.accent_soft}; border-color: {t.accent_soft}; color: {t.accent_text}; }}
QToolButton:checked:focus {{ border-color: {t.accent}; }}
QToolButton:disabled {{ color: {t.disabled}; }}
QToolButton[role="segment"] {{ padding: {px(4)}px {px(5)}px; }}
QToolButton[role="segment"]:focus {{ padding: {px(4) - 1}px {px(5) - 1}px; }}
QToolButton[role="segment"]:checked {{ border-bottom: 2px solid {t.accent}; font-weight: bold; }}
QPushButton[role="link"] {{ background: transparent; border: 1px solid transparent; color: {t.accent_text};
    padding: {px(2)}px {px(4)}px; }}
QPushButton[role="link"]:hover {{ text-decoration: underline; }}
QPushButton[role="link"]:focus {{ border: 2px solid {t.accent}; padding: {px(2) - 1}px {px(4) - 1}px; }}
QCheckBox, QRadioButton {{ spacing: 8px; min-height: {px(28)}px; padding: 0 2px; border: 2px solid transparent;
    border-radius: 6px; }}
QCheckBox:focus, QRadioButton:focus {{ border: 2px solid {t.accent}; }}
QCheckBox::indicator, QTableView::indicator {{ width: {px(16)}px; height: {px(16)}px; border: 1px solid {t.second};
    border-radius: 4px; background: {t.card}; }}
QCheckBox::indicator:hover, QTableView::indicator:hover {{ background: {t.hover}; }}
QCheckBox::indicator:checked, QTableView::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
    image: url("{check}"); }}
QCheckBox::indicator:disabled, QTableView::indicator:disabled {{ border-color: {t.line}; }}
QRadioButton::indicator {{ width: {px(16)}px; height: {px(16)}px; border: 1px solid {t.second};
    border-radius: {px(16) // 2 + 1}px; background: {t.card}; }}
QRadioButton::indicator:hover {{ background: {t.hover}; }}
QRadioButton::indicator:checked {{ width: {px(16) - 8}px; height: {px(16) - 8}px; border: 5px solid {t.accent};
    border-radius: {px(16) // 2 + 1}px; background: {t.on_accent}; }}
QRadioButton::indicator:disabled {{ border-color: {t.line}; }}
"""


def _chips(t: Tokens, px: Callable[[int], int]) -> str:
    """Small choices and marks in a row: a level, a citation, a group's subtotal; and the card of a criterion."""
    return f"""
QPushButton[role="chip"] {{ padding: {px(2)}px {px(10)}px; min-height: {px(26)}px; border-radius: {px(8)}px; }}
QPushButton[role="chip"]:focus {{ padding: {px(2) - 1}px {px(10) - 1}px; }}
QPushButton[role="chip"]:checked {{ background: {t.accent_soft}; border: 2px solid {t.accent}; color: {t.accent_text};
    padding: {px(2) - 1}px {px(10) - 1}px; font-weight: bold; }}
QPushButton[role="chip"][doubtful="true"] {{ background: {t.warn_soft}; border: 2px dashed {t.warn};
    color: {t.warn_text}; padding: {px(2) - 1}px {px(10) - 1}px; }}
QFrame[role="citation"] {{ background: {t.hover}; border: 1px solid {t.line}; border-radius: {px(8)}px; }}
QFrame[role="criterion"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[role="criterion"][current="true"] {{ border: 2px solid {t.accent}; }}
QLineEdit[role="points"] {{ font-weight: bold; }}
QPlainTextEdit[wrong="true"] {{ border: 2px solid {t.warn}; padding: {px(3) - 1}px {px(8) - 1}px; }}
"""


def _inputs(t: Tokens, px: Callable[[int], int], icons: Path) -> str:
    up, down = ((icons / f"arrow-{way}.svg").as_posix() for way in ("up", "down"))
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {{ background: {t.card}; border: 1px solid {t.edge};
    border-radius: 6px; padding: {px(3)}px {px(8)}px; min-height: {px(24)}px; selection-background-color: {t.accent};
    selection-color: {t.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{
    border: 2px solid {t.accent}; padding: {px(3) - 1}px {px(8) - 1}px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{ color: {t.disabled};
    background: {t.window}; border-color: {t.line}; }}
QLineEdit[wrong="true"] {{ border: 2px solid {t.bad}; padding: {px(3) - 1}px {px(8) - 1}px; }}
QLineEdit > QToolButton {{ border: 0; padding: 0; min-height: 0; background: transparent; }}
QComboBox::drop-down {{ border: 0; width: {px(28)}px; }}
QComboBox::down-arrow {{ image: url("{down}"); width: {px(12)}px; height: {px(12)}px; }}
QDateEdit::drop-down {{ subcontrol-origin: border; subcontrol-position: center right; border: 0; width: {px(28)}px; }}
QDateEdit::down-arrow {{ image: url("{down}"); width: {px(12)}px; height: {px(12)}px; }}
QComboBox QAbstractItemView {{ background: {t.card}; border: 1px solid {t.edge}; outline: 0; padding: 4px;
    selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QComboBox QAbstractItemView::item {{ min-height: {px(30)}px; padding: 0 8px; }}
QAbstractSpinBox {{ padding-right: {px(28)}px; }}
QAbstractSpinBox:focus {{ padding-right: {px(28) - 1}px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; width: {px(26)}px;
    border: 0; background: transparent; }}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {t.hover}; }}
QAbstractSpinBox::up-arrow {{ image: url("{up}"); width: {px(10)}px; height: {px(10)}px; }}
QAbstractSpinBox::down-arrow {{ image: url("{down}"); width: {px(10)}px; height: {px(10)}px; }}
QSlider:horizontal {{ min-height: {px(28)}px; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.line}; }}
QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {t.card}; border: 2px solid {t.accent}; width: {px(14)}px;
    margin: -{px(14) // 2}px 0; border-radius: {px(14) // 2 + 2}px; }}
"""


def _views(t: Tokens, px: Callable[[int], int]) -> str:
    return f"""
QAbstractItemView {{ background: {t.card}; alternate-background-color: {t.card}; border: 0; outline: 0;
    selection-background-color: {t.accent_soft}; selection-color: {t.text}; gridline-color: {t.line}; }}
QTableView {{ border: 1px solid {t.line}; border-radius: 8px; }}
QTableView:focus, QListView:focus {{ border: 2px solid {t.accent}; border-radius: 8px; }}
QListView {{ border: 2px solid transparent; }}
QListView[role="rail"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 8px; padding: 4px; }}
QListView[role="rail"]:focus {{ border: 2px solid {t.accent}; padding: 3px; }}
QListView[role="rail"]::item {{ border-radius: 6px; padding: 0 {px(6)}px; }}
QListView[role="rail"]::item:hover {{ background: {t.hover}; }}
QListView[role="rail"]::item:selected {{ background: {t.accent_soft}; color: {t.accent_text}; font-weight: bold; }}
QTableView::item {{ padding: 0 {px(8)}px; border-bottom: 1px solid {t.line}; }}
QTableView::item:hover {{ background: {t.hover}; }}
QTableView::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QHeaderView {{ background: {t.card}; border: 0; }}
QHeaderView::section {{ background: {t.card}; color: {t.second}; border: 0; border-bottom: 1px solid {t.edge};
    padding: {px(6)}px {px(8)}px; }}
QTableCornerButton::section {{ background: {t.card}; border: 0; border-bottom: 1px solid {t.edge}; }}
QHeaderView::section:hover {{ background: {t.hover}; }}
QHeaderView::down-arrow, QHeaderView::up-arrow {{ width: {px(10)}px; height: {px(10)}px; }}
QMenu {{ background: {t.card}; border: 1px solid {t.edge}; padding: 4px; }}
QMenu::item {{ padding: {px(6)}px {px(24)}px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.disabled}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
"""


def _bars(t: Tokens, px: Callable[[int], int]) -> str:
    return f"""
QProgressBar {{ background: {t.line}; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QProgressBar[role="late"]::chunk {{ background: {t.bad}; }}
QScrollBar:vertical {{ background: transparent; width: {px(12)}px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: {px(12)}px; margin: 2px; }}
QScrollBar::handle {{ background: {t.edge}; border-radius: {px(12) // 2 - 2}px; }}
QScrollBar::handle:disabled {{ background: transparent; }}
QScrollBar::handle:hover {{ background: {t.second}; }}
QScrollBar::handle:vertical {{ min-height: {px(32)}px; }}
QScrollBar::handle:horizontal {{ min-width: {px(32)}px; }}
QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
    width: 0; height: 0; }}
"""

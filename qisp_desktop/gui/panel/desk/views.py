"""What the expert can turn to from the desk: each is a view that is made when it is opened.

To add one, write its widget and put a line into ``VIEWS``; the desk's header then has its button.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from qisp_desktop.base.i18n import N_
from qisp_desktop.domain.panel import Role
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter

COUNTERSIGNING = "countersigning"


class DeskView(NamedTuple):
    """A view beside scoring: its key, the button's text, icon, tooltip and key, and how it is made.

    ``make`` takes the shell, the desk's presenter and what leads back to scoring. The view is deleted when it is left.
    """

    key: str
    text: str
    icon: str
    hint: str
    shortcut: str
    make: Callable[[Shell, DeskPresenter, Callable[[], None]], QWidget]
    primary: bool = False
    leader_only: bool = False
    """Whether it is on the desk of the panel's leader only."""


def _compare(shell: Shell, presenter: DeskPresenter, back: Callable[[], None]) -> QWidget:
    from qisp_desktop.gui.panel.compare.view import CompareView

    return CompareView(shell, presenter, back)


def _inspection(shell: Shell, presenter: DeskPresenter, back: Callable[[], None]) -> QWidget:
    from qisp_desktop.gui.panel.inspection.view import InspectionView

    return InspectionView(shell, presenter, back)


def _countersigning(shell: Shell, presenter: DeskPresenter, back: Callable[[], None]) -> QWidget:
    from qisp_desktop.gui.panel.countersigning.view import CountersigningView

    return CountersigningView(shell, presenter, back)


def _signing(shell: Shell, presenter: DeskPresenter, back: Callable[[], None]) -> QWidget:
    from qisp_desktop.gui.panel.signing.view import SigningView

    return SigningView(shell, presenter, back)


VIEWS = (
    DeskView(
        "inspection",
        N_("Site inspection"),
        "camera",
        N_("The record of a visit, with photos (Ctrl+I)"),
        "Ctrl+I",
        _inspection,
    ),
    DeskView(
        "compare", N_("Compare"), "columns", N_("Your own scores side by side (Ctrl+Shift+C)"), "Ctrl+Shift+C", _compare
    ),
    DeskView(
        COUNTERSIGNING,
        N_("Countersign…"),
        "countersign",
        N_("Sign the panel's sheets and reports as its leader (Ctrl+Shift+H)"),
        "Ctrl+Shift+H",
        _countersigning,
        leader_only=True,
    ),
    DeskView(
        "signing",
        N_("Sign and export…"),
        "sign",
        N_("Sign what is complete and hand it in (Ctrl+Shift+S)"),
        "Ctrl+Shift+S",
        _signing,
        primary=True,
    ),
)


def views_of(presenter: DeskPresenter) -> tuple[DeskView, ...]:
    """The views that a desk has."""
    leads = presenter.expert.role is Role.LEADER
    return tuple(view for view in VIEWS if leads or not view.leader_only)

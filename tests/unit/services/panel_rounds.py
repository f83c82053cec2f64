"""A round whose panel can be worked on, made without keys and packages: only what assigning rests on."""

from __future__ import annotations

from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import AssignedBy, Assignment, Recusal
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.round import Round
from qisp_desktop.services.panel_board import PanelBoard, read_board
from qisp_desktop.store.places import RoundPlace
from qisp_desktop.store.round_store import RoundStore
from tests.unit.domain.values import ACCEPTED_ON, YEAR, application, expert, rubric, sheet

RUBRIC = rubric()
APPLICATIONS = ("A-1", "A-2", "A-3")
EXPERTS = ("E001", "E002", "E003", "E004", "E005")
OWN_USCC = "91440300MA5EXAMPL1"
KINSMAN = "E005"
"""Works for the applicant of the last application."""


def make_panel(path: RoundPlace, *, assigned: bool = True) -> RoundStore:
    """Three accepted applications, one that waits, five experts; the first three read all, until the third of them
    would read the last; open for writing."""
    value = Round(
        "round", YEAR, "评价", "局", "zh_CN", Policy(tie_break=("P", "Q")), RUBRIC.digest, "PEM", "age1", ACCEPTED_ON
    )
    store = RoundStore.create(path, value, RUBRIC, actor="clerk")
    asked = [
        application(
            number=number, applicant=f"示例机构{number}", uscc=OWN_USCC if number == "A-3" else f"USCC-{number}"
        )
        for number in APPLICATIONS
    ]
    waiting = application(number="A-9", applicant="材料不全", uscc="USCC-A-9", materials=())
    panel = [expert(one, f"大学{one}", OWN_USCC if one == KINSMAN else "") for one in EXPERTS]
    with store.change("fill") as change:
        change.put_all([*asked, waiting, *panel])
        if assigned:
            change.put_all(Assignment(e, n, AssignedBy.AUTO) for e in EXPERTS[:3] for n in APPLICATIONS)
    return store


def issue_all(store: RoundStore, *, number: int = 1) -> None:
    """As if everybody had a package with what is due now."""
    with store.change("issue") as change:
        for one, due in read_board(store).due.items():
            change.put(
                Issue(
                    one,
                    number,
                    f"{one}-{number}",
                    "age1",
                    "PEM",
                    f"{one}{number}",
                    scored=due.scored,
                    visited=due.visited,
                )
            )


def put(store: RoundStore, *records: object) -> None:
    """Keep ``records`` as collecting would."""
    with store.change("collect") as change:
        change.put_all(records)


def step_back(store: RoundStore, expert: str, number: str) -> None:
    """As if a recusal had come back."""
    put(store, Recusal(expert, number, RecusalGround.ADVISER, "曾任顾问"))


def sign(store: RoundStore, expert: str, number: str) -> None:
    """As if a signed sheet had come back."""
    put(store, sheet(RUBRIC, [c.maximum for c in RUBRIC.criteria], expert, number))


def readers(store: RoundStore, number: str) -> tuple[str, ...]:
    """Who reads ``number`` now."""
    return board(store).readers[number]


def board(store: RoundStore) -> PanelBoard:
    """The board as it is now."""
    return read_board(store)

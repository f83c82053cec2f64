"""The leader signs what was chosen: each paper whole, beside its original, and nothing twice."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.work import Work
from qisp_desktop.documents.checking import check_evaluation_report, check_score_sheet
from qisp_desktop.services.leader_checking import examine_files
from qisp_desktop.services.leader_papers import Done, LeaderPaper, Outcome
from qisp_desktop.services.leader_signing import LeadersHand, countersign_papers
from tests.unit.documents.samples import HANDWRITING, PRIVATE, make_record, run
from tests.unit.services.leader_samples import Panel, make_panel, report, written


@pytest.fixture(scope="module")
def panel() -> Panel:
    return make_panel()


@pytest.fixture(scope="module")
def papers(panel: Panel) -> dict[str, bytes]:
    """Two sheets and a report."""
    second = make_record(revision=1, points={"Q1": "3", "Q2": "4", "C1": "7"})
    return {"a": panel.sheet(), "b": panel.sheet(second), "c": report()}


@pytest.fixture
def stick(tmp_path: Path, papers: dict[str, bytes]) -> Path:
    """The folder that the secretariat handed out."""
    written(tmp_path / "stick", **papers)
    return tmp_path / "stick"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "signed"
    folder.mkdir()
    return folder


class Leader:
    """Looks at papers and signs them."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.hand = LeadersHand(panel.lead, panel.keys.leader, HANDWRITING)
        self.told: list[Outcome] = []

    def look(self, *paths: Path) -> list[LeaderPaper]:
        found: list[LeaderPaper] = []
        examine_files(paths, self.panel.lead, found.append)
        return found

    def sign(self, papers: list[LeaderPaper], out: Path, work: Work | None = None) -> list[tuple[str, Done]]:
        self.told = []
        countersign_papers(papers, out, self.hand, self.told.append, work)
        return [(one.source.name, one.done) for one in self.told]


@pytest.fixture
def leader(panel: Panel) -> Leader:
    return Leader(panel)


SIGNED = [("a.pdf", Done.SIGNED), ("b.pdf", Done.SIGNED), ("c.pdf", Done.SIGNED)]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_each_paper_is_signed_beside_its_original_and_stock_tools_agree(
    leader: Leader, stick: Path, out: Path, papers: dict[str, bytes]
) -> None:
    assert leader.sign(leader.look(stick), out) == SIGNED
    assert content(stick) == {f"{name}.pdf": pdf for name, pdf in papers.items()}
    for name, pdf in papers.items():
        signed = out / f"{name}.pdf"
        assert signed.read_bytes().startswith(pdf)
        said = run("pdfsig", "-nocert", signed)
        assert said.count("Signature is Valid") == said.count("Signature Validation") == (1 if name == "c" else 2)
    keys = leader.panel.keys
    leaders = {keys.leader.certificate}
    assert check_score_sheet((out / "a.pdf").read_bytes(), signer=None, roots=keys.roots, leaders=leaders).valid
    assert check_evaluation_report((out / "c.pdf").read_bytes(), roots=keys.roots, leaders=leaders).valid
    assert [[sign.field for sign in one.signatures] for one in leader.told] == [
        ["Expert", "PanelLeader"],
        ["Expert", "PanelLeader"],
        ["PanelLeader"],
    ]


def test_repeating_a_run_signs_only_what_is_missing(leader: Leader, stick: Path, out: Path) -> None:
    looked = leader.look(stick)
    assert leader.sign(looked[:1], out) == SIGNED[:1]
    first = (out / "a.pdf").read_bytes()
    assert leader.sign(looked, out) == [("a.pdf", Done.THERE), *SIGNED[1:]]
    assert (out / "a.pdf").read_bytes() == first
    assert [one.field for one in leader.told[0].signatures] == ["Expert", "PanelLeader"]


def test_nothing_is_overwritten(leader: Leader, stick: Path, out: Path) -> None:
    looked = leader.look(stick)
    (out / "a.pdf").write_bytes(b"something else")
    (out / "b.pdf").mkdir()
    assert leader.sign(looked, out) == [("a.pdf", Done.FAILED), ("b.pdf", Done.FAILED), SIGNED[2]]
    assert {one.why for one in leader.told[:2]} == {
        "the folder holds another file of this name, which is not overwritten"
    }
    assert (out / "a.pdf").read_bytes() == b"something else"


def test_the_originals_own_folder_takes_no_signed_copy(leader: Leader, stick: Path, papers: dict[str, bytes]) -> None:
    assert leader.sign(leader.look(stick), stick) == [(f"{name}.pdf", Done.FAILED) for name in papers]
    assert leader.told[0].why.startswith("the original lies in this folder")
    assert content(stick) == {f"{name}.pdf": pdf for name, pdf in papers.items()}


def test_what_changed_or_went_since_it_was_checked_is_not_signed(leader: Leader, stick: Path, out: Path) -> None:
    looked = leader.look(stick)
    (stick / "a.pdf").write_bytes((stick / "b.pdf").read_bytes())
    (stick / "b.pdf").unlink()
    assert leader.sign(looked, out) == [("a.pdf", Done.FAILED), ("b.pdf", Done.FAILED), SIGNED[2]]
    assert [one.why for one in leader.told[:2]] == [
        "it has changed since it was checked: look at it again",
        "There is no such file or folder.",
    ]


def test_what_is_signed_already_is_not_signed_again(leader: Leader, stick: Path, out: Path, tmp_path: Path) -> None:
    looked = leader.look(stick)
    leader.sign(looked, out)
    third = tmp_path / "third"
    third.mkdir()
    assert leader.sign(leader.look(out), third) == [(name, Done.FAILED) for name, _done in SIGNED]
    assert list(third.iterdir()) == []


def test_a_key_that_is_not_the_leaders_leaves_no_file(leader: Leader, stick: Path, out: Path) -> None:
    leader.hand = LeadersHand(leader.panel.lead, leader.panel.keys.expert)
    assert {done for _name, done in leader.sign(leader.look(stick), out)} == {Done.FAILED}
    assert list(out.iterdir()) == []


def test_a_name_that_no_paper_can_print_is_said_and_leaves_no_file(leader: Leader, stick: Path, out: Path) -> None:
    leader.hand = LeadersHand(replace(leader.panel.lead, name=f"王{PRIVATE}"), leader.panel.keys.leader)
    assert {done for _name, done in leader.sign(leader.look(stick), out)} == {Done.FAILED}
    assert "name of the signer" in leader.told[0].why
    assert list(out.iterdir()) == []


def test_a_folder_that_is_gone_is_not_made_anew(leader: Leader, stick: Path, out: Path) -> None:
    out.rmdir()
    with pytest.raises(UserError, match="is not there any more"):
        leader.sign(leader.look(stick), out)
    assert not out.exists()
    assert leader.told == []


class Pulled(Work):
    """The stick is pulled out, or the person has had enough, after the first paper."""

    def __init__(self, out: Path, *, cancelled: bool = False) -> None:
        super().__init__()
        self._out = out
        self._stopped = cancelled

    def show(self, what: str, done: int, total: int) -> None:
        if done == 1 and self._stopped:
            self.cancel()
            self.report(what, done, total)
        elif done == 1:
            self._out.rename(self._out.with_name("gone"))


def test_a_stick_that_is_pulled_out_keeps_what_was_signed_and_the_next_run_goes_on(
    leader: Leader, stick: Path, out: Path
) -> None:
    looked = leader.look(stick)
    with pytest.raises(UserError, match="is not there any more"):
        leader.sign(looked, out, Pulled(out))
    assert [(one.source.name, one.done) for one in leader.told] == SIGNED[:1]
    assert not out.exists()
    out.with_name("gone").rename(out)
    assert leader.sign(looked, out) == [("a.pdf", Done.THERE), *SIGNED[1:]]


def test_stopping_leaves_whole_papers_only(leader: Leader, stick: Path, out: Path) -> None:
    with pytest.raises(Cancelled):
        leader.sign(leader.look(stick), out, Pulled(out, cancelled=True))
    assert [path.name for path in out.iterdir()] == ["a.pdf"]
    assert [one.done for one in leader.told] == [Done.SIGNED]


@pytest.fixture
def small(tmp_path: Path, papers: dict[str, bytes]) -> Iterator[Path]:
    """A stick with room for one paper."""
    folder = tmp_path / "small"
    folder.mkdir()
    size = (len(papers["a"]) * 3 // 2) >> 10
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("only root can mount a small file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_stick_keeps_what_is_whole_and_says_so(leader: Leader, stick: Path, small: Path) -> None:
    with pytest.raises(UserError, match=r"could not be written") as refused:
        leader.sign(leader.look(stick), small)
    assert refused.value.why == "The disk is full."
    assert [(one.source.name, one.done) for one in leader.told] == SIGNED[:1]
    assert [path.name for path in small.iterdir()] == ["a.pdf"]

"""Score forms in Excel for experts without the program: given out, and read back with a verdict for every sheet.

What a form says is an entry that awaits a clerk: it counts only once the hand-signed paper is confirmed
(``paper_scores.confirm_form``). What is kept follows from the set of forms that came back, not from their order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.base.work import Work
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.desk_records import EntrySource, FormContent, PaperEntry
from qisp_desktop.domain.merging import Received
from qisp_desktop.domain.panel import Assignment, Expert, Recusal
from qisp_desktop.domain.paper_scores import entry_differences
from qisp_desktop.domain.paper_state import form_contents
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ItemScore, ScoreSheet
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.collect_report import (
    CollectReport,
    FileVerdict,
    Note,
    SheetVerdict,
    file_verdict,
    unread_folders,
)
from qisp_desktop.services.named_files import look_through
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.paper_scores import held_revisions, paper_state
from qisp_desktop.services.unknown import unknown_expert
from qisp_desktop.spreadsheets.guard import UnfitWorkbook
from qisp_desktop.spreadsheets.reading import bytes_of
from qisp_desktop.spreadsheets.score_form import FormIdentity, write_score_forms
from qisp_desktop.spreadsheets.score_form_reading import ReadForm, read_score_form
from qisp_desktop.spreadsheets.writing import published
from qisp_desktop.store.round_store import RoundStore

SUFFIX = ".xlsx"
MOST_PROBLEMS = 5
"""Cells of a sheet that its verdict names; of more it says how many."""
Identity = tuple[str, str]


@dataclass(frozen=True)
class GivenForm:
    """A form that was written: for whom, and for how many applications."""

    path: Path
    expert: str
    applications: int


def write_form(round_at: RoundAt, expert: str, path: Path) -> GivenForm:
    """Write the score form of ``expert`` to ``path``, a sheet for each application that they read; the trail says so.

    Raises UserError for an expert who reads nothing, and where the place or the round cannot be written.
    """
    with writing(round_at) as store:
        value, rubric = store.round(), store.rubric()
        person = store.get(Expert, expert)
        if person is None:
            raise unknown_expert(expert)
        recused = {one.application for one in store.all(Recusal, expert=expert)}
        numbers = [str(n) for (n,) in store.listing(Assignment, "application", expert=expert) if n not in recused]
        if not numbers:
            raise UserError(
                _("{expert} has no application to score.").format(expert=expert), "", _("Assign applications first.")
            )
        forms = [
            FormIdentity(
                value.id,
                value.rubric,
                expert,
                person.name,
                number,
                asked.platform if (asked := store.get(Application, number)) else "",
                max(held_revisions(store, expert, number).values(), default=0) + 1,
            )
            for number in sorted(numbers)
        ]
        published(
            path,
            lambda book: write_score_forms(book, rubric, value.year, value.name, forms),
            title=_("Score form of {expert}").format(expert=expert),
            at=datetime.now(UTC),
        )
        with store.change("give form") as change:
            given = (f"{form.application} r{form.revision}" for form in forms)
            change.note("give form", f"form:{expert}", f"{path.name}: {'; '.join(given)}")
    return GivenForm(path, expert, len(forms))


def read_forms(
    round_at: RoundAt,
    paths: Sequence[Path],
    *,
    work: Work | None = None,
    told: Callable[[FileVerdict], None] = lambda _verdict: None,
) -> CollectReport:
    """Read every score form among ``paths`` (files, or folders searched for ``*.xlsx``) into the round.

    A form counts for nothing until it is confirmed. All files of one call are kept together, or none.
    """
    work = work or Work()
    with writing(round_at) as store:
        reader = _Reader(store)
        named = look_through(paths, (SUFFIX,))
        files, verdicts = named.files, unread_folders(named, told)
        for done, path in enumerate(files):
            work.report(_("Reading {name}").format(name=path.name), done, len(files))
            verdicts.append(reader.take(path))
            told(verdicts[-1])
        work.report(_("Forms read"), len(files), len(files))
        if reader.entries:
            with store.change("import forms") as change:
                change.put_all(reader.entries.values())
        return CollectReport(tuple(verdicts))


@dataclass
class _Reader:
    """Judges one form after another; ``entries`` are to be kept."""

    store: RoundStore
    entries: dict[Identity, PaperEntry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.round_id = self.store.round().id
        self.rubric: Rubric = self.store.rubric()
        self.experts = {str(one) for (one,) in self.store.listing(Expert, "id")}
        self.assigned = {(str(e), str(n)) for e, n in self.store.listing(Assignment, "expert", "application")}
        self.recused = {(str(e), str(n)) for e, n in self.store.listing(Recusal, "expert", "application")}

    def take(self, path: Path) -> FileVerdict:
        """The verdict on a workbook."""
        try:
            data = bytes_of(path)
            forms = read_score_form(data, self.rubric)
        except UnfitWorkbook as error:
            return FileVerdict(path, Received.DAMAGED, None, (), error.message)
        except UserError as error:
            return FileVerdict(path, Received.DAMAGED, None, (), str(error))
        if refused := self._refuse(path, forms):
            return refused
        expert = next(form.identity.expert for form in forms if not form.altered)
        found, notes, seen = [], [], set[str]()
        blank = sum(form.blank for form in forms)
        for form in forms:
            if form.blank:
                continue
            again = form.identity.application in seen
            if not form.altered:
                seen.add(form.identity.application)
            found.append(self._judge_again(form) if again else self._judge(form, sha256(data)))
        if blank:
            text = ngettext("{count} sheet was not filled in.", "{count} sheets were not filled in.", blank)
            notes.append(Note(Received.UNCHANGED, text.format(count=blank)))
        if any(one.verdict is Received.ACCEPTED for one in found):
            self.store.add_file(data)
            notes.append(Note(Received.ACCEPTED, _("It counts once a clerk has confirmed the hand-signed paper.")))
        return file_verdict(path, expert, tuple(found), notes, new=False)

    def _refuse(self, path: Path, forms: list[ReadForm]) -> FileVerdict | None:
        def refused(kind: Received, why: str, expert: str | None = None) -> FileVerdict:
            return FileVerdict(path, kind, expert, (), why)

        if not forms:
            return refused(Received.DAMAGED, _("It is not a score form that this program gave out."))
        sound = [form.identity for form in forms if not form.altered]
        if not sound:
            return refused(Received.DAMAGED, _named(forms[0]))
        expert = sound[0].expert
        if any(one.round != self.round_id for one in sound):
            return refused(Received.WRONG_ROUND, _("It belongs to another round ({id}).").format(id=sound[0].round))
        if expert not in self.experts:
            return refused(Received.UNKNOWN_EXPERT, _("No such expert is on the panel."), expert)
        if any(one.expert != expert for one in sound):
            return refused(Received.DAMAGED, _("It holds sheets of several experts."), expert)
        if any(one.rubric != self.rubric.digest for one in sound):
            return refused(Received.DAMAGED, _("It was made for another scoring standard."), expert)
        return None

    def _judge_again(self, form: ReadForm) -> SheetVerdict:
        identity = form.identity
        why = _("{sheet}: a second sheet of the same application").format(sheet=form.sheet)
        return SheetVerdict(identity.application, identity.revision, Received.DAMAGED, why)

    def _judge(self, form: ReadForm, file: str) -> SheetVerdict:
        identity = form.identity
        pair = (identity.expert, identity.application)

        def verdict(kind: Received, why: str = "") -> SheetVerdict:
            return SheetVerdict(identity.application, identity.revision, kind, why)

        if form.items is None:
            return verdict(Received.DAMAGED, _named(form))
        if pair not in self.assigned:
            return verdict(Received.NOT_ASSIGNED)
        if pair in self.recused:
            return verdict(Received.RECUSED)
        newest = max(held_revisions(self.store, *pair).values(), default=0)
        if identity.revision <= newest:
            return self._judge_old(form, form.items, newest)
        return self._keep(form, FormContent(file, form.items), newest + 1)

    def _judge_old(self, form: ReadForm, items: tuple[ItemScore, ...], newest: int) -> SheetVerdict:
        """A form for a revision that is held already."""
        identity = form.identity
        sheets = self.store.all(ScoreSheet, expert=identity.expert, application=identity.application)
        held = [sheet for sheet in sheets if sheet.revision == identity.revision]
        if any(not entry_differences(sheet.items, items) for sheet in held):
            kind = Received.UNCHANGED if identity.revision == newest else Received.SUPERSEDED
            return SheetVerdict(identity.application, identity.revision, kind)
        if identity.revision < newest:
            return SheetVerdict(identity.application, identity.revision, Received.SUPERSEDED)
        why = _("Revision {revision} is held with other scores; if the paper is newer, enter it as a paper.")
        return SheetVerdict(
            identity.application, identity.revision, Received.CONFLICT, why.format(revision=identity.revision)
        )

    def _keep(self, form: ReadForm, content: FormContent, revision: int) -> SheetVerdict:
        """A form for the next revision: the first content, one that is there already, or a rival."""
        identity = form.identity
        pair = (identity.expert, identity.application)
        held = self.entries.get(pair) or paper_state(self.store, *pair).form
        contents = form_contents(held) if held is not None and held.revision == revision else []
        known = [one for one in contents if not entry_differences(one.items, content.items)]
        if not known:
            contents.append(content)
            contents.sort(key=_order)
            self.entries[pair] = _entry(pair, revision, contents)
        kind = Received.ACCEPTED if len(contents) == 1 else Received.CONFLICT
        if known and len(contents) == 1:
            kind = Received.UNCHANGED
        why = ""
        if kind is Received.CONFLICT:
            why = _("The form came back with several contents; a clerk chooses the one that the signed paper says.")
        return SheetVerdict(identity.application, identity.revision, kind, why)


def _entry(pair: Identity, revision: int, contents: list[FormContent]) -> PaperEntry:
    first, *others = contents
    now = datetime.now(UTC).replace(microsecond=0)
    return PaperEntry(*pair, EntrySource.FORM, revision, first.items, first.file, tuple(others), current_actor(), now)


def _order(content: FormContent) -> list[tuple[str, str]]:
    """By what it says, so that the order in which forms came does not matter."""
    return [(str(item.points), item.remark) for item in content.items]


def _named(form: ReadForm) -> str:
    """What is wrong in a sheet, cell by cell."""
    text = _("; ").join(form.problems[:MOST_PROBLEMS])
    if (more := len(form.problems) - MOST_PROBLEMS) > 0:
        text = _("{problems} and {count} more").format(problems=text, count=more)
    return text

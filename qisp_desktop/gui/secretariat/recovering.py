"""A round that is damaged or out of reach: what can be done about it, in the banner of its desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip

if TYPE_CHECKING:
    from qisp_desktop.services.restoring import BackupOffer


class RoundTrouble(QObject):
    """Says in ``banner`` what is wrong with a round, and offers what helps: trying again, or the newest good backup."""

    def __init__(self, shell: Shell, session: RoundSession, banner: Banner, progress: ProgressStrip) -> None:
        super().__init__(banner)
        self._shell = shell
        self._session = session
        self._banner = banner
        self._progress = progress

    def tell(self, error: UserError, meaning: str = "bad") -> None:
        """Say ``error`` with what can be done."""
        backup = getattr(error, "backup", None)
        damaged = self._session.place
        if isinstance(backup, Path) and isinstance(damaged, Path):
            self._banner.say(meaning, error.what, error.why)
            self._shell.tasks.run(
                self, lambda job: _offer(damaged, backup), lambda offer: self._offer(error, damaged, offer)
            )
            return
        self._banner.say(meaning, error.what, sentences(error.why, error.do), _("Try again"), self._again)

    def _again(self) -> None:
        self._progress.begin(_("Reading the round…"))
        self._session.open()

    def _offer(self, error: UserError, damaged: Path, offer: BackupOffer) -> None:
        def restore() -> None:
            self._restore(damaged, offer.backup)

        self._banner.say("bad", error.what, offer_text(offer), _("Open the backup"), restore)

    def _restore(self, damaged: Path, backup: Path) -> None:
        self._progress.begin(_("Copying the backup…"))
        self._session.close()

        def work(job: Job) -> Path:
            from qisp_desktop.services.restoring import restore_backup

            return restore_backup(damaged, backup, job)

        def failed(error: UserError) -> None:
            self._progress.end()
            self._banner.show_error(error)

        self._shell.tasks.run(
            self, work, self._shell.go.open, failed=failed, progress=self._progress.advance,
            cancelled=self._progress.end,
        )  # fmt: skip


def offer_text(offer: BackupOffer) -> str:
    """What a backup is and what it lacks."""
    when = "" if offer.last is None else offer.last.astimezone().strftime("%Y-%m-%d %H:%M")
    parts = [_("The newest good backup holds the round up to {time}.").format(time=when) if when else ""]
    if offer.missing is None:
        parts.append(_("What was done after it can no longer be read in the damaged file."))
    elif offer.missing == 0:
        parts.append(_("Nothing was done after it."))
    else:
        until = "" if offer.until is None else offer.until.astimezone().strftime("%Y-%m-%d %H:%M")
        text = ngettext(
            "It lacks {count} change made after it, the last one at {time}.",
            "It lacks {count} changes made after it, the last one at {time}.",
            offer.missing,
        )
        parts.append(text.format(count=offer.missing, time=until))
    parts.append(_("It is opened as a file of its own; the damaged one stays as it is."))
    return sentences(*parts)


def _offer(damaged: Path, backup: Path) -> BackupOffer:
    from qisp_desktop.services.restoring import backup_offer

    return backup_offer(damaged, backup)

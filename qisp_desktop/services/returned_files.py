"""The files inside the returns that a round holds, decrypted one by one when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.domain.issuing import Return
from qisp_desktop.exchange.return_package import read_return_package
from qisp_desktop.services.office import Office
from qisp_desktop.store.round_store import RoundStore

Reader = Callable[[], bytes]


@dataclass(frozen=True)
class ReturnedFiles:
    """How to get the signed paper of a sheet (by the sheet's digest) and any other file (by its own SHA-256).

    ``lost`` says, by expert, why a return that the round once took in cannot be opened any more: what only it held is
    in neither of the others.
    """

    papers: dict[str, Reader]
    files: dict[str, Reader]
    lost: dict[str, UserError]


def returned_files(store: RoundStore, office: Office, work: Work) -> ReturnedFiles:
    """Open every return of the round; one that is missing or damaged keeps nobody from the others."""
    found = ReturnedFiles({}, {}, {})
    returns = store.all(Return)
    for done, received in enumerate(returns):
        work.report(_("Opening returns"), done, len(returns))
        try:
            opened = read_return_package(store.file(received.file), office.identity)
        except UserError as error:
            found.lost[received.expert] = _lost(received, error)
            continue
        read = opened.container.blob
        readers = {blob.path: (blob.sha256, partial(read, office.identity, blob)) for blob in opened.manifest.blobs}
        sheets = {(sheet.application, sheet.revision): sheet.digest for sheet in opened.manifest.sheets}
        for digest, reader in readers.values():
            found.files.setdefault(digest, reader)
        for paper in opened.manifest.papers:
            sheet = sheets.get((paper.application, paper.revision))
            if sheet is not None and paper.path in readers:
                found.papers.setdefault(sheet, readers[paper.path][1])
    return found


def _lost(received: Return, error: UserError) -> UserError:
    gone = isinstance(error.__cause__, FileNotFoundError)
    return UserError(
        _("The return {name} of {expert} can no longer be opened.").format(name=received.name, expert=received.expert),
        _("Its file is gone from the round's folder.") if gone else sentences(error.what, error.why),
        _("Collect {name} again from the expert or from a backup; a damaged file is removed first.").format(
            name=received.name
        ),
    )

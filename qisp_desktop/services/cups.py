"""Printers of CUPS, on Linux and macOS, through its own library libcups: PDF goes to the queue as it is.

So a page is printed from its vectors and fonts at whatever the printer can do, and nothing is turned into pictures
here. The library is asked directly because its programs ``lp`` and ``lpstat`` speak the language of the system and do
not tell a finished job from a failed one.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from functools import cache
from typing import Any

from qisp_desktop.base.i18n import N_, _
from qisp_desktop.services.print_runs import Duplex, PrinterTrouble

_CHUNK = 1 << 16
_ALL_JOBS = -1
_HTTP_CONTINUE = 100
_HELD, _STOPPED, _CANCELED, _ABORTED, _COMPLETED = 4, 6, 7, 8, 9
"""States of a job (RFC 8011, 5.3.7); without somebody's help it leaves none of them."""
_PRINTER_STOPPED = "5"
_PATIENCE = 5
"""Times that the print service may fail to answer before it counts as gone."""
_REASONS = {
    "media-empty": N_("it is out of paper"),
    "media-needed": N_("it wants other paper"),
    "media-jam": N_("paper is jammed"),
    "toner-empty": N_("it is out of toner"),
    "marker-supply-empty": N_("it is out of ink or toner"),
    "cover-open": N_("a cover is open"),
    "door-open": N_("a door is open"),
    "offline": N_("it is switched off or not connected"),
    "connecting-to-device": N_("it does not answer yet"),
    "output-area-full": N_("its tray is full"),
}
"""What IPP calls the reasons of a printer's state (RFC 8011, 5.4.12), without their severity."""


class _Option(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("value", ctypes.c_char_p))


class _Destination(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("instance", ctypes.c_char_p),
        ("is_default", ctypes.c_int),
        ("num_options", ctypes.c_int),
        ("options", ctypes.POINTER(_Option)),
    )


class _Job(ctypes.Structure):
    _fields_ = (
        ("id", ctypes.c_int),
        ("dest", ctypes.c_char_p),
        ("title", ctypes.c_char_p),
        ("user", ctypes.c_char_p),
        ("format", ctypes.c_char_p),
        ("state", ctypes.c_int),
        ("size", ctypes.c_int),
        ("priority", ctypes.c_int),
        ("completed_time", ctypes.c_long),
        ("creation_time", ctypes.c_long),
        ("processing_time", ctypes.c_long),
    )


@cache
def _library() -> Any:
    """libcups, version 2; None where the system has none."""
    name = ctypes.util.find_library("cups")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    text, number, pointer = ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p
    options = ctypes.POINTER(_Option)
    for function, result, arguments in (
        ("cupsSetServer", None, (text,)),
        ("cupsLastErrorString", text, ()),
        ("cupsGetDests2", number, (pointer, ctypes.POINTER(ctypes.POINTER(_Destination)))),
        ("cupsFreeDests", None, (number, ctypes.POINTER(_Destination))),
        ("cupsGetNamedDest", ctypes.POINTER(_Destination), (pointer, text, text)),
        ("cupsGetOption", text, (text, number, options)),
        ("cupsAddOption", number, (text, text, number, ctypes.POINTER(options))),
        ("cupsFreeOptions", None, (number, options)),
        ("cupsCreateJob", number, (pointer, text, text, number, options)),
        ("cupsStartDocument", number, (pointer, text, number, text, text, number)),
        ("cupsWriteRequestData", number, (pointer, text, ctypes.c_size_t)),
        ("cupsFinishDocument", number, (pointer, text)),
        ("cupsCancelJob2", number, (pointer, text, number, number)),
        ("cupsGetJobs2", number, (pointer, ctypes.POINTER(ctypes.POINTER(_Job)), text, number, number)),
        ("cupsFreeJobs", None, (number, ctypes.POINTER(_Job))),
    ):
        bound = getattr(library, function)
        bound.restype, bound.argtypes = result, list(arguments)
    return library


def available() -> bool:
    """Whether this system prints through CUPS."""
    return _library() is not None


def printer_names() -> list[str]:
    """The queues that can be printed to, the default one first; empty when there is none or no service answers.

    May take seconds where printers are looked for in the network.
    """
    library = _library()
    if library is None:
        return []
    library.cupsSetServer(None)  # as the environment says now
    found = ctypes.POINTER(_Destination)()
    count = library.cupsGetDests2(None, ctypes.byref(found))
    names = [(not found[place].is_default, _text(found[place].name)) for place in range(count)]
    library.cupsFreeDests(count, found)
    return [name for _later, name in dict.fromkeys(sorted(names))]


class CupsPrinter:
    """A queue of CUPS, as ``print_runs.Printer``; used by one thread."""

    def __init__(self, name: str) -> None:
        """``name`` as ``printer_names`` gives it; only where ``available``."""
        self._name = name
        self._queue = name.encode("utf-8")
        self._library = _library()
        self._failures = 0
        self._held = False
        self._library.cupsSetServer(None)

    @property
    def name(self) -> str:
        """The queue's name."""
        return self._name

    def send(self, pdf: bytes, title: str, duplex: Duplex) -> int:
        """Hand over a portion; raises PrinterTrouble when the queue refuses it or nobody answers."""
        options, count = self._options(duplex)
        job = int(self._library.cupsCreateJob(None, self._queue, title.encode("utf-8"), count, options))
        self._library.cupsFreeOptions(count, options)
        if not job:
            raise self._refused()
        try:
            self._write(job, pdf, title)
        except PrinterTrouble:
            self.withdraw(job)
            raise
        return job

    def finished(self, job: int) -> bool:
        """Whether the job is out; raises PrinterTrouble when it failed, was taken back, or the printer is stopped."""
        states = self._states()
        if states is None:
            self._failures += 1
            if self._failures < _PATIENCE:
                return False
            raise self._gone()
        self._failures = 0
        # A service that keeps no history forgets a job that is done.
        state = states.get(job, _COMPLETED)
        if state == _COMPLETED:
            return True
        if self._option("printer-state") == _PRINTER_STOPPED:
            raise PrinterTrouble(
                _("{printer} was stopped.").format(printer=self._name), self._reasons(), _start_again()
            )
        if state == _CANCELED:
            raise PrinterTrouble(_("A print job was deleted at {printer}.").format(printer=self._name), "", _look())
        if state in (_ABORTED, _STOPPED):
            raise PrinterTrouble(_("{printer} gave up a job.").format(printer=self._name), self._reasons(), _look())
        self._held = state == _HELD
        return False

    def waiting_for(self, job: int) -> str:
        """What the printer reports, such as an empty tray; it prints on by itself when that is mended."""
        del job
        return _("the job is held") if self._held else self._reasons()

    def withdraw(self, job: int) -> None:
        """Cancel the job; a job that is done stays done."""
        self._library.cupsCancelJob2(None, self._queue, job, 0)

    # ----------------------------------------------------------------------------------------------------------------

    def _write(self, job: int, pdf: bytes, title: str) -> None:
        library = self._library
        status = library.cupsStartDocument(None, self._queue, job, title.encode("utf-8"), b"application/pdf", 1)
        for place in range(0, len(pdf), _CHUNK):
            if status != _HTTP_CONTINUE:
                break
            piece = pdf[place : place + _CHUNK]
            status = library.cupsWriteRequestData(None, piece, len(piece))
        # 0x0000 to 0x00ff are IPP's ways to say that it went well (RFC 8011, B.1.2).
        if library.cupsFinishDocument(None, self._queue) > 0xFF or status != _HTTP_CONTINUE:
            raise self._refused()

    def _options(self, duplex: Duplex) -> tuple[Any, int]:
        options = ctypes.POINTER(_Option)()
        count = 0
        for name, value in (("sides", duplex.value), ("media", "iso_a4_210x297mm"), ("fit-to-page", "true")):
            count = self._library.cupsAddOption(name.encode(), value.encode(), count, ctypes.byref(options))
        return options, count

    def _states(self) -> dict[int, int] | None:
        """The states of the queue's jobs; None when nobody answers."""
        found = ctypes.POINTER(_Job)()
        count = self._library.cupsGetJobs2(None, ctypes.byref(found), self._queue, 0, _ALL_JOBS)
        if count < 0:
            return None
        states = {int(found[place].id): int(found[place].state) for place in range(count)}
        self._library.cupsFreeJobs(count, found)
        return states

    def _option(self, name: str) -> str:
        destination = self._library.cupsGetNamedDest(None, self._queue, None)
        if not destination:
            return ""
        one = destination.contents
        value = _text(self._library.cupsGetOption(name.encode(), one.num_options, one.options))
        self._library.cupsFreeDests(1, destination)
        return value

    def _reasons(self) -> str:
        """Why the printer does not print, in words; empty when it says nothing."""
        told = []
        for reason in self._option("printer-state-reasons").split(","):
            plain = reason.removesuffix("-error").removesuffix("-warning").removesuffix("-report")
            if plain in _REASONS:
                told.append(_(_REASONS[plain]))
        return "; ".join(dict.fromkeys(told))

    def _refused(self) -> PrinterTrouble:
        why = _text(self._library.cupsLastErrorString())
        return PrinterTrouble(
            _("{printer} does not take the job.").format(printer=self._name),
            _("The print service says: {reason}").format(reason=why) if why else "",
            _("Check the printer or choose another, then continue."),
        )

    def _gone(self) -> PrinterTrouble:
        return PrinterTrouble(
            _("{printer} can no longer be reached.").format(printer=self._name),
            _text(self._library.cupsLastErrorString()),
            _look(),
        )


def _look() -> str:
    return _("See what lies in the tray, then continue at the next paper and page.")


def _start_again() -> str:
    return _("See to the printer, start its queue again, then continue.")


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")

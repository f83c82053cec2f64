"""Which printers there are and how each is reached.

Where CUPS prints (Linux, macOS) it gets the PDF itself: vectors and fonts, sheets turned and scaled by the printer's
own filters, and an answer for each job. Elsewhere (Windows) no printer takes PDF, so pages are painted through Qt at
300 dpi; the system's spooler then has them, and nothing more is heard of a job.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from qisp_desktop.base.i18n import _
from qisp_desktop.services import cups
from qisp_desktop.services.print_runs import Duplex, Printer, PrinterTrouble

DPI = 300
"""At 300 dpi an A4 page is 35 MB in memory, one at a time; more is not seen in print."""
_POINTS_PER_INCH = 72
_DUPLEX = {
    Duplex.OFF: QPrinter.DuplexMode.DuplexNone,
    Duplex.LONG_EDGE: QPrinter.DuplexMode.DuplexLongSide,
    Duplex.SHORT_EDGE: QPrinter.DuplexMode.DuplexShortSide,
}


def printer_names() -> list[str]:
    """The printers of this system, the default one first; may take seconds, so not for the UI thread."""
    if cups.available():
        return cups.printer_names()
    default = QPrinterInfo.defaultPrinterName()
    names = QPrinterInfo.availablePrinterNames()
    return sorted(names, key=lambda name: (name != default, name))


def printer_called(name: str) -> Printer:
    """The printer of that name."""
    return cups.CupsPrinter(name) if cups.available() else PaintedPrinter(name)


class PaintedPrinter:
    """A printer that Qt paints on, as ``print_runs.Printer``; a job is out once the system's spooler has taken it."""

    def __init__(self, name: str, *, into: str = "") -> None:
        """``into`` names a PDF file to print into instead of the printer."""
        self._name = name
        self._into = into
        self._jobs = 0

    @property
    def name(self) -> str:
        """The printer's name."""
        return self._name

    def send(self, pdf: bytes, title: str, duplex: Duplex) -> int:
        """Paint the portion; raises PrinterTrouble when the system does not take it."""
        document, buffer = QPdfDocument(), QBuffer()
        buffer.setData(QByteArray(pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document.load(buffer)
        try:
            self._paint(document, self._device(title, duplex))
        finally:
            document.close()
        self._jobs += 1
        return self._jobs

    def finished(self, job: int) -> bool:
        """Always: more is not heard of a job."""
        return job <= self._jobs

    def waiting_for(self, job: int) -> str:
        """Nothing."""
        del job
        return ""

    def withdraw(self, job: int) -> None:
        """What the spooler has is no longer ours."""
        del job

    def _device(self, title: str, duplex: Duplex) -> QPrinter:
        if not self._into and QPrinterInfo.printerInfo(self._name).isNull():
            raise self._trouble(_("The system does not know it."))
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        if self._into:
            device.setOutputFileName(self._into)
        else:
            device.setPrinterName(self._name)
        device.setDocName(title)
        device.setDuplex(_DUPLEX[duplex])
        device.setFullPage(True)
        layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
        device.setPageLayout(layout)
        return device

    def _paint(self, document: QPdfDocument, device: QPrinter) -> None:
        painter = QPainter()
        if not painter.begin(device):
            raise self._trouble("")
        try:
            for page in range(document.pageCount()):
                if page and not device.newPage():
                    raise self._trouble("")
                self._paint_page(painter, document, page, device)
        finally:
            painter.end()

    @staticmethod
    def _paint_page(painter: QPainter, document: QPdfDocument, page: int, device: QPrinter) -> None:
        points = document.pagePointSize(page)
        dots = min(DPI, device.resolution()) / _POINTS_PER_INCH
        image = document.render(page, QSize(round(points.width() * dots), round(points.height() * dots)))
        scale = device.resolution() / _POINTS_PER_INCH
        painter.drawImage(QRectF(0, 0, points.width() * scale, points.height() * scale), image)

    def _trouble(self, why: str) -> PrinterTrouble:
        return PrinterTrouble(
            _("{printer} does not take the job.").format(printer=self._name),
            why,
            _("Check the printer or choose another, then continue."),
        )

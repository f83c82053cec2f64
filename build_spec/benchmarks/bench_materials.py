"""How fast the first page of another application is on the screen, and what sixty large ones leave in memory."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

from harness import Row, best_of_both
from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QEvent, QEventLoop, QIODevice, QSize, QTimer
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from qisp_desktop.base import i18n
from qisp_desktop.base.digests import sha256
from qisp_desktop.domain.application import Application, Material
from qisp_desktop.domain.regulation import BodyKind, MaterialKind
from qisp_desktop.exchange.container import Container, Contents, blob_path, write_container
from qisp_desktop.exchange.identity import new_identity
from qisp_desktop.exchange.manifests import Blob
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.materials.pages_viewer import PagesViewer
from qisp_desktop.gui.panel.materials.pane import MaterialPane
from qisp_desktop.gui.tasks import Tasks

PAGES = 300
VISITS = 60
MEGABYTES = 100
TIMES = 12
PATIENCE_S = 30
WINDOW = QSize(760, 1000)


class Desk:
    """The pane on the screen with its workers."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.tasks = Tasks()
        self.pane = MaterialPane(self.tasks)
        self.pane.resize(WINDOW)
        self.pane.show()

    def visit(self, application: Application, read: Callable[[], bytes]) -> None:
        """Choose ``application`` and wait until its first page is painted."""
        self.pane.show_application(application, lambda _material: read())
        self.wait(lambda: self.painted)

    @property
    def painted(self) -> bool:
        """Whether the first page of what was chosen is on the screen."""
        viewer = self.pane.stack.currentWidget()
        return isinstance(viewer, PagesViewer) and viewer.document.count > 0 and 0 in viewer.view.painted_pages

    @property
    def idle(self) -> bool:
        """Whether nothing is left to draw, as when a person has read for a moment."""
        viewer = self.pane.stack.currentWidget()
        return isinstance(viewer, PagesViewer) and viewer.document.complete and self.pane.ahead.idle

    def wait(self, done: Callable[[], bool]) -> None:
        """Run the event loop until ``done``; RuntimeError when it never is."""
        end = perf_counter() + PATIENCE_S
        waking = QTimer()  # for what ends without an event
        waking.start(20)
        while not done():
            # Waits without holding Python's lock, as the running program does.
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if perf_counter() > end:
                raise RuntimeError("nothing was painted")

    @staticmethod
    def _children() -> list[str]:
        return [child.name for child in multiprocessing.active_children() if child.name == "qisp-pages"]

    def close(self) -> None:
        """Leave nothing running."""
        self.pane.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self.wait(lambda: not self._children())
        self.tasks.shut_down()


def run() -> list[Row]:
    """The rows of this benchmark."""
    app = QApplication.instance() or QApplication([])
    if not isinstance(app, QApplication):
        raise RuntimeError("there is an application without windows")
    i18n.set_language("zh_CN")
    theme.install(app).apply("light", 100)
    rows = [_scans(app), _text(app), _unexpected_text(app), _standstill(app)]
    if sys.platform == "linux":
        rows.append(_memory(app))
    return rows


def _scans(app: QApplication) -> Row:
    content = _scanned_pdf(PAGES, 0)
    ours, floor = _switching(app, content, lambda size: _bare(content, size), expected=False)
    return Row(f"first page of any application ({PAGES} scanned pages)", "QPdfDocument.render", ours, floor, 1.5)


def _text(app: QApplication) -> Row:
    """The next application or the one before, which are opened ahead while the person reads."""
    content = _text_pdf()
    ours, floor = _switching(app, content, lambda size: _bare(content, size), expected=True)
    return Row(f"first page of the next application ({PAGES} pages of text)", "QPdfDocument.render", ours, floor, 1.5)


def _unexpected_text(app: QApplication) -> Row:
    # PDFium draws such a page in 4 ms, less than it costs to ask another process, which is what keeps a hostile file
    # away from the desk; so the limit is over the least that another process needs.
    content = _text_pdf()
    ours_end, other_end = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_draw_elsewhere, args=(other_end,), daemon=True)
    process.start()
    ours, floor = _switching(app, content, lambda size: _asked_elsewhere(ours_end, content, size), expected=False)
    process.kill()
    process.join()
    return Row(f"first page of any application ({PAGES} pages of text)", "bare process", ours, floor, 4)


def _draw_elsewhere(connection: Connection) -> None:
    while True:
        size = connection.recv()
        image = _bare(connection.recv_bytes(), QSize(*size))
        connection.send_bytes(image.constBits())


def _asked_elsewhere(connection: Connection, content: bytes, size: QSize) -> None:
    connection.send(size.toTuple())
    connection.send_bytes(content)
    picture = connection.recv_bytes()
    QImage(picture, size.width(), size.height(), QImage.Format.Format_ARGB32).copy()


def _switching(
    app: QApplication, content: bytes, bare: Callable[[QSize], object], *, expected: bool
) -> tuple[float, float]:
    desk = Desk(app)
    other = _scanned_pdf(3, 1)

    def visit() -> None:
        desk.visit(_application(1), lambda: content)

    def back() -> None:
        desk.visit(_application(2), lambda: other)
        if expected:
            desk.pane.expect([(_application(1), lambda _material: content)])
            desk.wait(lambda: not desk.pane.ahead.idle)
        desk.wait(lambda: desk.idle)

    visit()
    viewer = desk.pane.stack.currentWidget()
    if not isinstance(viewer, PagesViewer):
        raise RuntimeError("no pages are shown")
    size = viewer.view.page_size(0)
    ours = floor = float("inf")
    for _ in range(TIMES):
        back()
        one, least = best_of_both(1, visit, lambda: bare(size))
        ours, floor = min(ours, one), min(floor, least)
    desk.close()
    return ours, floor


def _bare(content: bytes, size: QSize) -> QImage:
    data = QByteArray(content)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    image = document.render(0, size)
    if image.isNull():
        raise RuntimeError("the bare library draws nothing")
    document.close()
    return image


def _memory(app: QApplication) -> Row:
    desk = Desk(app)
    scans = _scanned_pdf(PAGES, 0)
    early = 0.0
    for number in range(VISITS):
        # Made anew at each visit, as decrypting does.
        desk.visit(_application(number), lambda: _padded(scans))
        desk.wait(lambda: desk.idle)
        if number == 2:
            early = _resident_megabytes()
    late = _resident_megabytes()
    desk.close()
    return Row(f"memory after {VISITS} applications of {MEGABYTES} MB", "after three", late, early, 1.3, "MB")


def _standstill(app: QApplication) -> Row:
    """From the click on a sealed material until its first page is painted: the longest time without an event."""
    content = _padded(_scanned_pdf(PAGES, 0))
    other = _scanned_pdf(3, 1)
    key_file, identity = new_identity("only for the benchmark")
    blob = Blob("申请书.pdf", sha256(content), len(content), blob_path(1))
    desk = Desk(app)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "E001.qpanel"
        nothing = Contents(b"", b"", b"", b"")
        sources = [(blob, lambda: content)]
        write_container(path, nothing, recipients=[identity.recipient], identity_file=key_file, blobs=sources)
        package = Container.open(path)
        longest = []
        for _ in range(VISITS // TIMES):
            desk.visit(_application(2), lambda: other)
            desk.wait(lambda: desk.idle)
            with _Pauses() as pauses:
                desk.visit(_application(1), lambda: package.blob(identity, blob))
            longest.append(pauses.longest)
    desk.close()
    return Row(
        f"longest standstill while {MEGABYTES} MB are decrypted and opened",
        "50 ms",
        statistics.median(longest),
        0.05,
        1,
    )


class _Pauses:
    """Measures the longest time between two turns of the event loop."""

    def __enter__(self) -> _Pauses:
        self.longest = 0.0
        self._last = perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)
        return self

    def _tick(self) -> None:
        now = perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    def __exit__(self, *_error: object) -> None:
        self._tick()
        self._timer.stop()


def _padded(scans: bytes) -> bytes:
    # The rest comes before the end of the file, which readers look for in its last kilobyte.
    end = scans.rindex(b"startxref")
    return b"".join((scans[:end], b"%", bytes((MEGABYTES << 20) - len(scans)), b"\n", scans[end:]))


def _resident_megabytes() -> float:
    processes = [os.getpid(), *(child.pid for child in multiprocessing.active_children())]
    pages = [int(Path(f"/proc/{process}/statm").read_text().split()[1]) for process in processes]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def _application(number: int) -> Application:
    digest = hashlib.sha256(bytes([number])).hexdigest()
    material = Material(MaterialKind.APPLICATION_FORM, "申请书.pdf", digest, 0)
    return Application(
        f"QISP-{number}", "", "", "", "", BodyKind.ENTERPRISE, date(2020, 1, 1), "", "", "", "", "", 10, (), (), (), "",
        None, None, (), (material,),
    )  # fmt: skip


def _text_pdf() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    for page in range(PAGES):
        for line in range(48):
            canvas.drawString(60, 780 - 15 * line, f"Page {page + 1}, line {line + 1}: evidence of service capability.")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _scanned_pdf(pages: int, seed: int) -> bytes:
    """Pages of a scan at 150 dpi."""
    noise = random.Random(seed)
    image = Image.frombytes("RGB", (124, 175), noise.randbytes(124 * 175 * 3)).resize((1240, 1754))
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=80)
    scan = ImageReader(jpeg)
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    for page in range(pages):
        canvas.drawImage(scan, 0, 0, *A4)
        canvas.drawString(20, 20, str(page + 1))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()

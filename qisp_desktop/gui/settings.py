"""What the person has chosen and where they were: one typed registry over one ini file.

To add a setting, add a line to ``Settings``; whatever else stands in the file, or a value that does not fit, counts as
not there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from qisp_desktop.base.i18n import LANGUAGES
from qisp_desktop.gui.theme import MODES, SCALES

if TYPE_CHECKING:
    from datetime import datetime

T = TypeVar("T")
RECENT_FILES = 12
AUTO_LOCK_MINUTES = (0, 5, 10, 15, 30, 60)
"""Minutes without input after which the desk locks; 0 never."""
FIT_WIDTH, FIT_PAGE = "width", "page"
PREVIEW_PERCENTS = (25, 33, 50, 67, 75, 90, 100, 110, 125, 150, 175, 200)
"""How large the paper in a preview can be; what fits the width or shows the whole page may be in between."""
PREVIEW_ZOOMS = (FIT_WIDTH, FIT_PAGE, *map(str, PREVIEW_PERCENTS))


class RecentFile(NamedTuple):
    """A file that was opened: its absolute path and when it was opened last (UTC)."""

    path: Path
    opened: datetime


class Setting(Generic[T]):
    """One value of the ini file: its key, its default, and how its text is read (None: it does not fit)."""

    def __init__(self, key: str, default: T, read: Callable[[str], T | None]) -> None:
        self.key = key
        self.default = default
        self.read = read

    @overload
    def __get__(self, owner: None, kind: type[Settings]) -> Setting[T]: ...
    @overload
    def __get__(self, owner: Settings, kind: type[Settings]) -> T: ...
    def __get__(self, owner: Settings | None, kind: type[Settings]) -> Setting[T] | T:
        if owner is None:
            return self
        text = owner.store.value(self.key)
        value = self.read(text) if isinstance(text, str) else None
        return self.default if value is None else value

    def __set__(self, owner: Settings, value: T) -> None:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if self.read(text) is None:
            raise ValueError(f"{self.key} cannot be {value!r}")
        if text != owner.store.value(self.key):
            owner.store.setValue(self.key, text)
            owner.changed.emit(self.key)


def _one_of(*choices: str) -> Callable[[str], str | None]:
    return lambda text: text if text in choices else None


def _number_of(*choices: int) -> Callable[[str], int | None]:
    return lambda text: next((choice for choice in choices if str(choice) == text), None)


def _yes_or_no(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


class Settings(QObject):
    """The settings of the program; ``changed`` carries the key of a value that is now another one."""

    changed = Signal(str)

    language = Setting("look/language", "system", _one_of("system", *LANGUAGES))
    theme = Setting("look/theme", "system", _one_of(*MODES))
    scale = Setting("look/scale", 100, _number_of(*SCALES))
    auto_lock_minutes = Setting("desk/auto_lock_minutes", 10, _number_of(*AUTO_LOCK_MINUTES))
    hide_passphrase = Setting("desk/hide_passphrase", False, _yes_or_no)
    last_folder = Setting("files/last_folder", "", lambda text: text)
    export_folder = Setting("files/export_folder", "", lambda text: text)
    countersigned_folder = Setting("files/countersigned_folder", "", lambda text: text)
    packages_folder = Setting("files/packages_folder", "", lambda text: text)
    letters_folder = Setting("files/letters_folder", "", lambda text: text)
    server = Setting("files/server", "", lambda text: text)
    preview_zoom = Setting("printing/preview_zoom", FIT_WIDTH, _one_of(*PREVIEW_ZOOMS))
    large_preview_zoom = Setting("printing/large_preview_zoom", FIT_WIDTH, _one_of(*PREVIEW_ZOOMS))
    office = Setting("round/office", "", lambda text: text)
    watch_folder = Setting("files/watch_folder", "", lambda text: text)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = QSettings(str(path), QSettings.Format.IniFormat, self)

    def bytes_of(self, key: str) -> QByteArray:
        """A state of Qt's own (geometry, header columns) kept under ``state/key``; empty when there is none."""
        value: Any = self.store.value(f"state/{key}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_bytes(self, key: str, state: QByteArray) -> None:
        """Keep a state of Qt's own under ``state/key``."""
        self.store.setValue(f"state/{key}", state)

    @property
    def recent(self) -> list[RecentFile]:
        """The files opened last, the newest first."""
        found = []
        for index in range(self.store.beginReadArray("recent")):
            self.store.setArrayIndex(index)
            entry = _recent_file(self.store.value("path"), self.store.value("opened"))
            if entry is not None:
                found.append(entry)
        self.store.endArray()
        return found[:RECENT_FILES]

    def remember(self, path: Path, when: datetime | None = None) -> None:
        """Put ``path`` at the head of the recent files."""
        from datetime import UTC, datetime

        path = path.absolute()
        others = [entry for entry in self.recent if entry.path != path]
        self.set_recent([RecentFile(path, when or datetime.now(UTC)), *others])

    def set_recent(self, entries: list[RecentFile]) -> None:
        """Make ``entries`` the recent files."""
        self.store.remove("recent")
        self.store.beginWriteArray("recent", len(entries[:RECENT_FILES]))
        for index, entry in enumerate(entries[:RECENT_FILES]):
            self.store.setArrayIndex(index)
            self.store.setValue("path", str(entry.path))
            self.store.setValue("opened", entry.opened.isoformat())
        self.store.endArray()
        self.changed.emit("recent")


def _recent_file(path: object, opened: object) -> RecentFile | None:
    if not isinstance(path, str) or not isinstance(opened, str) or not path:
        return None
    from datetime import UTC, datetime  # not before the first paint

    try:
        when = datetime.fromisoformat(opened)
    except ValueError:
        return None
    return RecentFile(Path(path), when if when.tzinfo else when.replace(tzinfo=UTC))

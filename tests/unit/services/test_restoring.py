"""A damaged round is taken up again from its newest good backup, and what that lacks is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.services.founding import RoundPlan, found_round
from qisp_desktop.services.restoring import backup_offer, restore_backup
from qisp_desktop.services.round_defaults import usual_policy
from qisp_desktop.services.round_settings import rename
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.store.errors import Damaged, Unreachable
from qisp_desktop.store.round_store import RoundStore

PAGE = 4096
MATERIAL = "材料".encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A round with one material, a backup after its making, and two changes after the backup."""
    rubric, path = default_rubric(), tmp_path / "office" / "round.qround"
    found_round(path, RoundPlan(2026, "评价", "某局", rubric, usual_policy(rubric)), "right and long")
    with RoundStore.open(path, actor="li", write=True) as store:
        store.add_file(MATERIAL)
        rename(store, name="改名一", office="某局")
        rename(store, name="改名二", office="某局")
    return path


def damage(path: Path) -> None:
    """Write over a page of the file, as a failing drive does; its header and its trail stay."""
    data = bytearray(path.read_bytes())
    page = data.index("改名二".encode()) // PAGE * PAGE
    data[page : page + PAGE] = b"\xff" * PAGE
    path.write_bytes(data)


def newest_backup(path: Path) -> Path:
    return sorted(path.with_name(f"{path.name}.backups").iterdir())[-1]


def test_a_damaged_file_names_its_newest_good_backup(path: Path) -> None:
    damage(path)

    with pytest.raises(Damaged) as caught:
        RoundStore.open(path, actor="li", write=True)

    assert caught.value.backup == newest_backup(path)


def test_what_a_backup_lacks_is_counted_from_what_can_still_be_read(path: Path) -> None:
    offer = backup_offer(path, newest_backup(path))

    assert offer.missing == 2
    assert offer.last is not None
    assert offer.until is not None
    assert offer.last <= offer.until


def test_of_a_file_that_tells_nothing_any_more_nothing_is_claimed(path: Path) -> None:
    backup = newest_backup(path)
    path.write_bytes(b"\0" * 4096)

    offer = backup_offer(path, backup)

    assert (offer.missing, offer.until) == (None, None)
    assert offer.last is not None


def test_a_restored_round_has_its_materials_and_can_be_worked_on_and_the_damaged_file_stays(path: Path) -> None:
    backup = newest_backup(path)
    damage(path)
    damaged = path.read_bytes()

    restored = restore_backup(path, backup)
    again = restore_backup(path, backup)

    assert restored != again
    assert {restored.parent, again.parent} == {path.parent}
    assert path.read_bytes() == damaged
    with RoundStore.open(restored, actor="li", write=True) as store:
        assert store.round().name == "评价"
        (digest,) = [one.name for one in store.files.glob("??/*")]
        assert store.file(digest).read_bytes() == MATERIAL
        assert store.verify_audit(lambda _data, _signature: "") == []
        rename(store, name="又改名", office="某局")


def test_a_backup_that_is_gone_meanwhile_leaves_nothing_half(path: Path) -> None:
    backup = newest_backup(path)
    before = set(path.parent.iterdir())
    backup.unlink()

    with pytest.raises(UserError):
        restore_backup(path, backup)

    assert set(path.parent.iterdir()) == before


def test_a_folder_that_vanished_is_told_as_gone_and_not_as_write_protected(path: Path) -> None:
    with RoundStore.open(path, actor="li", write=True) as store:
        away = path.parent.rename(path.parent.with_name("away"))
        with pytest.raises(Unreachable, match="could not be reached"):
            rename(store, name="丢失", office="某局")
        away.rename(path.parent)

        rename(store, name="回来", office="某局")

        assert store.round().name == "回来"

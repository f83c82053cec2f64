"""Matching files to the seven materials of Art. 15: by number and by words, and never by a guess."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.services.materials import find_materials, kind_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("1_评价申请书.pdf", "1"),
        ("2、注册登记证书副本.pdf", "2"),
        ("三、管理制度.docx", "3"),
        ("附件四 审计报告.pdf", "4"),
        ("附件4：2025年度审计报告.pdf", "4"),
        ("材料5-服务能力证明.pdf", "5"),
        ("(六)近三年服务项目清单.xlsx", "6"),
        ("（七）真实性声明.pdf", "7"),
        ("７．声明.pdf", "7"),
        ("4审计报告.pdf", "4"),
        ("1 .pdf", "1"),
        ("  3 — 其他.pdf", "3"),
        ("营业执照.jpg", "2"),
        ("法人证书（副本）.pdf", "2"),
        ("2025年度财务审计报告.pdf", "4"),
        ("近三年项目清单.pdf", "6"),
        ("承诺书.pdf", "7"),
        ("3年审计报告汇编.pdf", "4"),
    ],
)
def test_a_name_tells_the_kind_by_its_number_or_its_words(name: str, kind: str) -> None:
    assert kind_of(name) == MaterialKind(kind)


@pytest.mark.parametrize(
    "name",
    [
        "3_审计报告.pdf",  # number and words disagree
        "附件3审计报告.pdf",
        "7审计报告.pdf",
        "四、真实性声明.pdf",
        "8_其他材料.pdf",
        "10_评价.pdf",
        "审计报告及真实性声明.pdf",  # two kinds
        "扫描件001.pdf",
        "",
        "....",
    ],
)
def test_what_a_name_does_not_tell_is_not_guessed(name: str) -> None:
    assert kind_of(name) is None


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def test_a_folder_is_matched_by_number_in_any_spelling_and_searched_to_its_bottom(tmp_path: Path) -> None:
    put(
        tmp_path,
        "qisp-2026-001/1_申请书.pdf",
        "qisp-2026-001/补充/第二批/4_审计报告.pdf",
        "ＱＩＳＰ-2026-002/1_申请书.pdf",
        "QISP-2026-009/1_申请书.pdf",
        "QISP-2026-001/Thumbs.db",
        "QISP-2026-002/~$草稿.docx",
        "QISP-2026-002/.hidden/1_申请书.pdf",
        "readme.txt",
        "qisp-2026-001/照片.jpg",
    )
    found = find_materials(tmp_path, {"QISP-2026-001", "QISP-2026-002"})
    assert {(one.application, one.kind.value, one.name) for one in found.matched} == {
        ("QISP-2026-001", "1", "1_申请书.pdf"),
        ("QISP-2026-001", "4", "4_审计报告.pdf"),
        ("QISP-2026-002", "1", "1_申请书.pdf"),
    }
    assert set(found.unmatched) == {"readme.txt", "qisp-2026-001/照片.jpg"}
    assert found.unknown_folders == ("QISP-2026-009",)


def test_links_are_named_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    put(outside, "1_申请书.pdf")
    inside = tmp_path / "inside"
    put(inside, "A-1/7_声明.pdf")
    (inside / "A-1" / "1_申请书.pdf").symlink_to(outside / "1_申请书.pdf")
    (inside / "A-1" / "folder").symlink_to(outside)
    (inside / "A-2").symlink_to(outside)
    (inside / "A-1" / "dangling").symlink_to(tmp_path / "nothing")
    found = find_materials(inside, {"A-1", "A-2"})
    assert [one.name for one in found.matched] == ["7_声明.pdf"]
    assert set(found.links) == {"A-1/1_申请书.pdf", "A-1/folder", "A-1/dangling", "A-2"}


@pytest.mark.skipif(os.name != "posix", reason="named pipes of POSIX")
def test_a_pipe_is_listed_and_never_opened(tmp_path: Path) -> None:
    put(tmp_path, "A-1/7_声明.pdf")
    os.mkfifo(tmp_path / "A-1" / "1_申请书.pdf")

    found = find_materials(tmp_path, {"A-1"})

    assert [one.name for one in found.matched] == ["7_声明.pdf"]
    assert found.unmatched == ("A-1/1_申请书.pdf",)


def test_names_are_shown_in_a_form_that_every_system_takes(tmp_path: Path) -> None:
    put(tmp_path, "A-1/1_申请书:终稿?.pdf")
    (found,) = find_materials(tmp_path, {"A-1"}).matched
    assert found.name == "1_申请书_终稿_.pdf"


@pytest.mark.parametrize("name", ["nowhere", "file.txt"])
def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    put(tmp_path, "file.txt")
    with pytest.raises(UserError, match="is not there"):
        find_materials(tmp_path / name, {"A-1"})

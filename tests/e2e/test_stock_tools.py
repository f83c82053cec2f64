"""What this program signs, stock tools check: pdfsig, pdftotext and pdfdetach of any Linux."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl

from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.services.sample import sample_round
from tests.e2e.command import done
from tests.e2e.small_round import EXPERTS, PASSPHRASE, Place

RARE = "㛃䶮𬭚"


def run(*command: object) -> str:
    ran = subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return ran.stdout.decode("utf-8")


def test_a_signed_sheet_is_valid_and_every_rare_character_is_found_in_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    sample_round(1, len(EXPERTS), tmp_path / "input")
    book = openpyxl.load_workbook(place.sample.applications_book)
    book["申报信息"].cell(2, 3).value = f"示例{RARE}计量院"
    book.save(place.sample.applications_book)
    experts = openpyxl.load_workbook(place.sample.experts_book)
    experts["专家名单"].cell(2, 2).value = f"张{RARE}"
    experts.save(place.sample.experts_book)
    place.secret.write_text(PASSPHRASE, encoding="utf-8")
    done(*place.office("round", "new", place.round, "--year", 2026, "--name", "2026年度评价"))
    done("import", "applications", place.round, place.sample.applications_book, "--materials", place.sample.materials)
    done("import", "experts", place.round, place.sample.experts_book)
    done("screen", place.round, "--accepted-on", "2026-07-01")
    done("assign", place.round, "--per-application", len(EXPERTS))
    expert = EXPERTS[0]
    done(*place.office("issue", place.round, place.out, "--expert", expert, "--plain-letters"))
    place.open(expert)
    remark = "关于𬭚与䶮的说明,㛃字可检索。"
    codes = default_rubric().codes
    scores = {"scores": dict.fromkeys(codes, "2"), "remarks": dict.fromkeys(codes, remark)}
    place.score(expert, {"QISP-2026-001": scores})
    place.sign(expert)

    (paper,) = (place.returns / "papers").iterdir()
    signatures = run("pdfsig", paper)
    assert "Signature is Valid" in signatures
    assert "Total document signed" in signatures
    text = "".join(run("pdftotext", paper, "-").split())
    for wanted in (f"示例{RARE}计量院", f"张{RARE}", remark):
        assert wanted in text
    assert "sheet.json" in run("pdfdetach", "-list", paper)
    letter = "".join(run("pdftotext", place.out / "letters" / f"{expert}.pdf", "-").split())
    assert place.letter(expert).read_text("utf-8").strip() in letter
    assert f"张{RARE}" in letter
    assert (place.out / "letters" / f"{expert}.pdf").stat().st_mode & 0o077 == 0
    assert place.desk(expert).stat().st_mode & 0o077 == 0

"""The sample round: invented, valid, the same each time, and with one of everything that a round can meet."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pikepdf import Pdf
from PIL import Image, ImageOps

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.application import Material, normalise_organisation
from qisp_desktop.domain.panel import conflicts
from qisp_desktop.domain.screening import screen
from qisp_desktop.domain.uscc import is_valid
from qisp_desktop.services.materials import find_materials
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.services.sample import (
    ACCEPTED_ON,
    YEAR,
    SampleRound,
    sample_inspection,
    sample_round,
    sample_scores,
)
from qisp_desktop.spreadsheets.applications import read_applications
from qisp_desktop.spreadsheets.experts import read_experts

RUBRIC = default_rubric()
EXPERTS = [f"E{n:03d}" for n in range(1, 8)]
NUMBERS = [f"QISP-2026-{n:03d}" for n in range(1, 13)]
ASSIGNED = {expert: NUMBERS for expert in EXPERTS}


def rows(book: Path, sheet: str) -> list[dict[str, object]]:
    values = list(load_workbook(book)[sheet].values)
    return [dict(zip(map(str, values[0]), row, strict=True)) for row in values[1:]]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> SampleRound:
    return sample_round(12, 7, tmp_path_factory.mktemp("sample"))


def test_the_base_has_twelve_applications_with_valid_codes_of_bodies_marked_as_examples(base: SampleRound) -> None:
    found = rows(base.applications_book, "申报信息")
    assert [row["申报编号"] for row in found] == NUMBERS
    assert all(is_valid(str(row["统一社会信用代码"])) and "示例" in str(row["建设主体"]) for row in found)
    assert len({row["统一社会信用代码"] for row in found}) == 12


def test_one_application_lacks_a_material_and_one_has_too_few_persons(base: SampleRound) -> None:
    counts = {folder.name: len(list(folder.iterdir())) for folder in base.materials.iterdir()}
    assert sorted(counts) == NUMBERS
    assert [number for number, count in counts.items() if count != 7] == ["QISP-2026-005"]
    few = [row["申报编号"] for row in rows(base.applications_book, "申报信息") if int(str(row["企业服务人员数"])) < 10]
    assert few == ["QISP-2026-009"]


def test_exactly_one_expert_works_for_an_applicant(base: SampleRound) -> None:
    bodies = {row["统一社会信用代码"]: str(row["建设主体"]) for row in rows(base.applications_book, "申报信息")}
    experts = rows(base.experts_book, "专家名单")
    own = [row for row in experts if row["单位统一社会信用代码"] in bodies]
    assert [row["专家编号"] for row in own] == ["E003"]
    assert normalise_organisation(str(own[0]["工作单位"])) == normalise_organisation(
        bodies[own[0]["单位统一社会信用代码"]]
    )
    assert [row["专家编号"] for row in experts] == EXPERTS
    assert all(is_valid(str(row["单位统一社会信用代码"])) for row in experts)


def test_the_materials_are_real_papers_and_the_whole_sample_stays_small(base: SampleRound) -> None:
    papers = sorted(base.materials.glob("*/*.pdf"))
    assert len(papers) == 83
    pages = []
    for paper in papers:
        with Pdf.open(paper) as pdf:
            pages.append(len(pdf.pages))
    assert min(pages) >= 1
    assert max(pages) >= 3
    everything = [path for path in base.materials.parent.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in everything) < 3_000_000


def test_the_photos_carry_the_time_and_the_way_the_camera_was_held(base: SampleRound) -> None:
    held = []
    for path in sorted(base.photos.iterdir()):
        with Image.open(path) as image:
            exif = image.getexif()
            held.append(exif[0x0112])
            assert exif.get_ifd(0x8769)[0x9003].startswith("2026:07:03 ")
            upright = ImageOps.exif_transpose(image)
            assert (upright.height > upright.width) == (held[-1] in (6, 8))
    assert held == [1, 6, 3, 8]


def test_the_sample_imports_without_a_problem_and_the_formal_check_takes_each_way(base: SampleRound) -> None:
    applications = read_applications(base.applications_book, year=YEAR)
    experts = read_experts(base.experts_book)
    found = find_materials(base.materials, set(NUMBERS))
    assert (applications.problems, experts.problems, found.unmatched, found.unknown_folders) == ((), (), (), ())
    statuses = {}
    for application in applications.applications:
        own = tuple(
            Material(one.kind, one.name, "0" * 64, 1) for one in found.matched if one.application == application.number
        )
        statuses[application.number] = screen(replace(application, materials=own), ACCEPTED_ON, YEAR).status
    assert {number: status.value for number, status in statuses.items() if status != "accepted"} == {
        "QISP-2026-005": "to_supplement",
        "QISP-2026-009": "refused",
    }
    assert [one.expert for one in conflicts(experts.experts, applications.applications)] == ["E003"]


def test_a_larger_round_repeats_the_sound_bodies_under_names_numbers_and_codes_of_their_own(tmp_path: Path) -> None:
    big = sample_round(25, 30, tmp_path)
    found = rows(big.applications_book, "申报信息")
    for column in ("申报编号", "平台名称", "建设主体", "统一社会信用代码"):
        assert len({row[column] for row in found}) == 25
    assert all(is_valid(str(row["统一社会信用代码"])) for row in found)
    assert all(int(str(row["企业服务人员数"])) >= 10 for row in found[12:])
    assert {row["申报编号"] for row in rows(big.applications_book, "项目清单")} == {row["申报编号"] for row in found}
    assert all(len(list((big.materials / str(row["申报编号"])).iterdir())) == 7 for row in found[12:])
    experts = rows(big.experts_book, "专家名单")
    assert len({row["单位统一社会信用代码"] for row in experts}) == len({row["专家编号"] for row in experts}) == 30
    assert len({row["姓名"] for row in experts}) == 30


def test_the_same_round_is_made_of_the_same_bytes(base: SampleRound, tmp_path: Path) -> None:
    again = sample_round(12, 7, tmp_path)
    assert again.applications_book.read_bytes() == base.applications_book.read_bytes()
    assert again.experts_book.read_bytes() == base.experts_book.read_bytes()


def test_the_books_are_those_that_ship(base: SampleRound) -> None:
    shipped = files("qisp_desktop.resources").joinpath("sample/applications.xlsx").read_bytes()
    for sheet in ("申报信息", "项目清单"):
        ours = list(load_workbook(base.applications_book)[sheet].values)
        assert ours == list(load_workbook(io.BytesIO(shipped))[sheet].values)


@pytest.mark.parametrize(("applications", "experts"), [(0, 7), (12, 0), (10**9, 7), (12, 10**9), (-1, 7)])
def test_numbers_out_of_bounds_are_refused_before_anything_is_made(
    tmp_path: Path, applications: int, experts: int
) -> None:
    with pytest.raises(UserError):
        sample_round(applications, experts, tmp_path / "demo")
    assert not (tmp_path / "demo").exists()


def test_every_sheet_of_the_sample_can_be_signed_but_the_one_recusal() -> None:
    recused = []
    for expert, sheets in sample_scores(RUBRIC, ASSIGNED).items():
        for number, sheet in sheets.items():
            if sheet["recuse"]:
                recused.append((expert, number))
                continue
            assert list(sheet["scores"]) == list(RUBRIC.codes)
            for code, text in sheet["scores"].items():
                points, criterion = Decimal(text), RUBRIC.by_code[code]
                assert 0 <= points <= criterion.maximum
                assert RUBRIC.on_step(points)
                assert bool(sheet["remarks"].get(code)) == RUBRIC.remark_required(criterion, points)
    assert len(recused) == 1


def test_one_total_lies_far_below_the_others_and_the_rest_agree() -> None:
    scores = sample_scores(RUBRIC, ASSIGNED)
    far = []
    for number in NUMBERS:
        totals = {
            expert: sum(map(Decimal, scores[expert][number]["scores"].values()), Decimal(0))
            for expert in EXPERTS
            if not scores[expert][number]["recuse"]
        }
        for expert, total in totals.items():
            others = [other for name, other in totals.items() if name != expert]
            if abs(total - sum(others, Decimal(0)) / len(others)) > 15:
                far.append((expert, number))
    assert len(far) == 1


def test_scores_depend_on_the_seed_and_on_nothing_else() -> None:
    assert sample_scores(RUBRIC, ASSIGNED) == sample_scores(RUBRIC, dict(reversed(ASSIGNED.items())))
    assert sample_scores(RUBRIC, ASSIGNED) != sample_scores(RUBRIC, ASSIGNED, seed=1)


def test_where_few_score_nobody_is_made_to_deviate() -> None:
    scores = sample_scores(RUBRIC, {"E001": ["A-1"], "E002": ["A-1"]})
    totals = [sum(map(Decimal, sheets["A-1"]["scores"].values()), Decimal(0)) for sheets in scores.values()]
    assert abs(totals[0] - totals[1]) < 15


def test_the_sample_inspection_answers_the_whole_checklist_and_cites_photos_of_the_sample(base: SampleRound) -> None:
    document = sample_inspection(RUBRIC)
    assert list(document["items"]) == [item.code for item in RUBRIC.checklist]
    for finding in document["findings"]:
        assert finding["item"] in document["items"]
        assert (base.photos / finding["photo"]).is_file()

"""One whole round through the command line, from the office's workbook to a result that can be checked."""

from __future__ import annotations

from tests.e2e.command import done, qisp
from tests.e2e.small_round import ACCEPTED, EXPERTS, Place


def test_a_round_goes_from_workbook_to_verified_ranking(worked: Place) -> None:
    collected = worked.collect()
    assert collected.code == 0, collected
    assert collected.json["counts"] == {"accepted": len(EXPERTS)}

    results = {one["number"]: one for one in worked.results()["applications"]}
    assert {number for number, one in results.items() if one["status"] == "ok"} == set(ACCEPTED)

    for result in results.values():
        for deviation in result["deviations"]:
            text = "评分依据充分,予以保留。"
            done("explain", worked.round, deviation["expert"], result["number"], "--text", text)
    done(*worked.office("freeze", worked.round, "--reason", "评审会议确认"))
    done("export", "workbook", worked.round, worked.folder / "summary.xlsx")
    done(*worked.office("export", "papers", worked.round, worked.folder / "papers", "--kind", "score-sheet"))
    papers = sorted((worked.folder / "papers").rglob("*.pdf"))
    assert len(papers) == 19
    assert done("verify", *papers, "--round", worked.round).code == 0
    done(*worked.office("verify", worked.returns, "--round", worked.round))
    for expert in EXPERTS:
        done("verify", worked.package(expert), "--round", worked.round, "--passphrase-file", worked.letter(expert))
    assert qisp("audit", worked.round, "--verify").code == 0

"""What a round is unless something else is said; importing this loads no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.regulation import out_of_force
from qisp_desktop.domain.rubric import Rubric

OFFICE = "深圳市市场监督管理局"
DOCUMENT_LANGUAGE = "zh_CN"


def proposed_name(year: int) -> str:
    """The name that a round of ``year`` usually has, in the language of papers."""
    return f"{year}年度质量基础设施一站式服务平台评价"


def usual_policy(rubric: Rubric) -> Policy:
    """The usual rule, its points in proportion to what ``rubric`` adds up to, ties in the usual order of its groups."""
    codes = tuple(group.code for group in rubric.groups)
    usual = tuple(code for code in Policy.tie_break if code in codes)
    plain, share = Policy(), rubric.maximum / 100
    return replace(
        plain,
        pass_score=plain.pass_score * share,
        deviation=plain.deviation * share,
        grades={grade: bound * share for grade, bound in plain.grades.items()},
        tie_break=usual + tuple(code for code in codes if code not in usual),
    )


def validity_warning(year: int) -> str:
    """A warning for a round whose year runs past the validity of the measures (Art. 21); empty otherwise."""
    if out_of_force(date(year, 12, 31)) and year >= 2027:
        return _("The measures are valid until 14 June 2027 (Art. 21); this round is dated {year}.").format(year=year)
    return ""

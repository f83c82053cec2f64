"""The measures (深圳市质量基础设施"一站式"服务平台管理办法) as data: closed lists, limits, dates, with their articles.

Each list member carries its statutory Chinese name ``zh`` and an English name ``en``; its value is the stable code
that documents use.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from qisp_desktop.base.i18n import language

IN_FORCE = date(2022, 6, 15)
"""Art. 21: first day of validity."""
LAST_DAY = date(2027, 6, 14)
"""Art. 21: last day of the five years of validity."""
EVALUATION_DAYS = 30
"""Art. 14 (2): the evaluation ends at most this many days after acceptance."""
NOTICE_DAYS = 10
"""Art. 14 (3): days of public notice."""
OPERATING_YEARS = 2
"""Art. 13 (1): years of continuous operation on the acceptance date, at least."""
SERVING_STAFF = 10
"""Art. 13 (5): persons serving enterprises, at least."""
CATEGORIES_REQUIRED = 5
"""Art. 13 (6): service categories of Art. 9 offered, at least."""
PROJECT_YEARS = 3
"""Art. 15 (6): the project list covers this many years before the round."""
CLEAN_OPINION = "标准无保留意见"
"""The audit opinion with which condition 2 is met without a clerk's look (Art. 13 (2), 15 (4))."""


class Term(StrEnum):
    """A member of a closed list of the measures: code, Chinese name, English name."""

    zh: str
    en: str

    # The defaults are for type checkers: looking a member up by its code, ``KeyArea("emerging")``, has one argument.
    def __new__(cls, code: str, zh: str = "", en: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh = zh
        member.en = en
        return member

    @property
    def label(self) -> str:
        """The name in the current language."""
        return self.zh if language() == "zh_CN" else self.en


class ServiceCategory(Term):
    """Art. 9: the eight categories of service."""

    METROLOGY = "metrology", "计量", "metrology"
    STANDARDS = "standards", "标准", "standards"
    TESTING = "testing", "检验检测", "inspection and testing"
    CERTIFICATION = "certification", "认证认可", "certification and accreditation"
    MANAGEMENT = "management", "质量管理", "quality management"
    PROPERTY = "property", "知识产权", "intellectual property"
    BRAND = "brand", "品牌培育", "brand building"
    OTHER = "other", "特色服务", "other quality services"


class KeyArea(Term):
    """Art. 8: the three key areas."""

    EMERGING = (
        "emerging",
        "战略性新兴产业和未来产业",
        "strategic emerging and future industries",
    )
    INNOVATIVE = (
        "innovative",
        "创新型中小企业",
        "innovative small and medium enterprises",
    )
    CIRCULATION = (
        "circulation",
        "国内国际双循环",
        "domestic and international dual circulation",
    )


class BodyKind(Term):
    """Art. 13 (1): the kinds of body that may apply."""

    ENTERPRISE = "enterprise", "企业", "enterprise"
    INSTITUTION = "institution", "事业单位", "public institution"
    RESEARCH = "research", "科研院所", "research institute"
    TECHNICAL = "technical", "专业技术机构", "professional technical body"
    SOCIAL = "social", "社会组织", "social organisation"
    INELIGIBLE = "ineligible", "其他", "other body"


class MaterialKind(Term):
    """Art. 15: the seven application materials; the code is the number of the item."""

    APPLICATION_FORM = "1", "评价申请书", "application form"
    REGISTRATION = "2", "注册登记证书副本", "registration certificate"
    RULES = "3", "管理制度和程序文件", "management rules and procedures"
    AUDIT_REPORT = "4", "上年度财务审计报告", "last year's audit report"
    CAPABILITY = "5", "服务能力证明材料", "evidence of service capability"
    PROJECT_LIST = "6", "近三年服务项目清单", "project list of the last three years"
    DECLARATION = "7", "申报材料真实性声明", "declaration of truth"


class Condition(Term):
    """Art. 13: the seven basic conditions; the code is the number of the item."""

    OPERATION = (
        "1",
        "持续运营2年以上且主体类型符合",
        "two years of operation by an eligible body",
    )
    RULES = "2", "制度流程健全、财务状况良好", "sound rules, processes and finances"
    INTEGRITY = "3", "不属于严重失信主体", "not a seriously dishonest entity"
    PREMISES = "4", "固定场所和必要设施", "fixed premises and facilities"
    STAFF = "5", "企业服务人员不少于10人", "at least ten persons serving enterprises"
    CATEGORIES = "6", "五项及以上服务能力", "five or more service categories"
    TRACK_RECORD = (
        "7",
        "项目获认可、服务企业数增长",
        "recognised projects and growing service",
    )


class RecusalGround(Term):
    """Why an expert steps back from an application."""

    EMPLOYMENT = "employment", "任职关系", "employment"
    ADVISER = "adviser", "顾问或咨询关系", "adviser"
    KINSHIP = "kinship", "亲属关系", "kinship"
    FINANCE = "finance", "经济利益关系", "financial interest"
    OTHER = "other", "其他可能影响公正的关系", "other"


def out_of_force(day: date) -> bool:
    """Whether the measures do not apply on ``day`` (Art. 21: in force 15 June 2022 to 14 June 2027)."""
    return not IN_FORCE <= day <= LAST_DAY

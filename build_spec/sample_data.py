"""The invented bodies, projects and experts of the sample round; ``make_sample.py`` makes books and papers of them.

Nobody here exists: every name says 示例 (example), and the telephone numbers are not assigned. The credit codes carry
right check characters, because the import would refuse others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

YEAR = 2026
CATEGORIES = ("计量", "标准", "检验检测", "认证认可", "质量管理", "知识产权", "品牌培育", "特色服务")
AREAS = ("战略性新兴产业和未来产业", "创新型中小企业", "国内国际双循环")


@dataclass(frozen=True)
class Body:
    """An applicant with what its record says; ``categories`` and ``areas`` are positions in the lists above."""

    cluster: str
    name: str
    kind: str
    started: date
    representative: str
    contact: str
    district: str
    street: str
    staff: int
    categories: tuple[int, ...]
    area: int
    served: tuple[int, int]
    premises: int
    projects: int
    missing: tuple[int, ...] = ()

    @property
    def platform(self) -> str:
        return f"{self.cluster}质量基础设施一站式服务平台"


BODIES = (
    Body("激光与增材制造", "深圳市示例光造计量测试研究院", "事业单位", date(2012, 5, 8), "林知远", "何晓岚",
         "南山区", "示例科苑路18号", 86, (0, 1, 2, 3, 4, 5, 6), 0, (296, 371), 5200, 8),
    Body("工业机器人", "深圳市示例灵枢机器人检测有限公司", "企业", date(2016, 9, 20), "程一鸣", "罗佩珊",
         "宝安区", "示例机器人谷3栋", 54, (1, 2, 3, 4, 5, 7), 0, (188, 236), 3600, 6),
    Body("新型显示", "深圳市示例视界标准技术研究院", "科研院所", date(2014, 3, 12), "邓书恒", "梁雨桐",
         "光明区", "示例光侨路66号", 41, (0, 1, 2, 3, 5, 6), 0, (142, 165), 2800, 6),
    Body("高端仪器仪表", "深圳市示例精衡计量中心", "专业技术机构", date(2009, 11, 2), "马怀瑾", "谭嘉宁",
         "龙华区", "示例清湖路9号", 112, (0, 1, 2, 3, 4, 5, 6, 7), 0, (410, 498), 7400, 8),
    Body("储能电池", "深圳市示例蓄能安全检验中心", "专业技术机构", date(2018, 6, 25), "曾启航", "彭若溪",
         "坪山区", "示例锦绣路21号", 37, (0, 1, 2, 3, 4), 0, (96, 131), 4100, 5, missing=(4,)),
    Body("跨境电商", "深圳市示例跨境合规促进会", "社会组织", date(2019, 4, 16), "高允之", "叶思妍",
         "龙岗区", "示例坂雪岗大道5号", 23, (1, 3, 4, 5, 6, 7), 2, (260, 338), 900, 6),
    Body("现代时装", "深圳市示例衣度质量技术服务有限公司", "企业", date(2017, 8, 30), "苏锦程", "潘心怡",
         "福田区", "示例车公庙工业区7栋", 19, (1, 2, 4, 5, 6), 1, (118, 133), 1250, 4),
    Body("智能传感器", "深圳市示例感微测试研究院", "科研院所", date(2020, 10, 10), "汪若愚", "袁梓涵",
         "南山区", "示例留仙大道40号", 29, (0, 1, 2, 5, 7), 1, (73, 104), 2100, 5),
    Body("健康食品", "深圳市示例安膳检验认证中心", "事业单位", date(2011, 1, 18), "魏清和", "石佳琪",
         "罗湖区", "示例笋岗路12号", 8, (1, 2, 3, 4, 6), 2, (205, 231), 1800, 5),
    Body("工业母机", "深圳市示例母机精度服务联盟", "社会组织", date(2021, 12, 1), "董承志", "夏沐阳",
         "宝安区", "示例福永路88号", 16, (0, 1, 2, 4, 5), 0, (58, 79), 1500, 4),
    Body("合成生物", "深圳市示例生科标准物质研究中心", "科研院所", date(2019, 7, 7), "范思源", "姚静姝",
         "光明区", "示例科学城路1号", 33, (0, 1, 2, 3, 5, 7), 0, (64, 92), 3300, 5),
    Body("家居智造", "深圳市示例宜居质量品牌服务有限公司", "企业", date(2015, 2, 27), "郝景行", "崔语嫣",
         "龙岗区", "示例布吉路30号", 26, (1, 2, 3, 4, 6, 7), 1, (172, 190), 1600, 5),
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """An expert; ``body`` is the position of the applicant they work for, None for somebody else's employee."""

    name: str
    title: str
    fields: tuple[int, int]
    body: int | None = None

    def organisation(self, number: int) -> str:
        return f"示例理工大学第{number}研究室" if self.body is None else BODIES[self.body].name


EXPERTS = (
    Person("顾维桢", "教授", (0, 2)),
    Person("邹明礼", "正高级工程师", (1, 3)),
    Person("黎㛃", "高级工程师", (2, 3), body=1),
    Person("俞䶮", "研究员", (4, 6)),
    Person("欧阳静", "正高级工程师", (5, 7)),
    Person("倪守诚", "高级工程师", (0, 4)),
    Person("温𬭚", "教授", (1, 7)),
)

TOPICS = {
    "计量": ("关键参数在线校准", "测量不确定度评定导入"),
    "标准": ("团体标准研制", "国际标准比对研究"),
    "检验检测": ("可靠性测试方法开发", "失效分析与质量诊断"),
    "认证认可": ("出口准入认证辅导", "实验室能力认可辅导"),
    "质量管理": ("供应链质量提升", "精益管理导入"),
    "知识产权": ("专利导航", "海外知识产权风险排查"),
    "品牌培育": ("区域品牌培育", "品牌价值评价"),
    "特色服务": ("质量人才培养", "质量数据追溯"),
}
RECOGNITION = ("获市级质量提升立项", "列入区级示范案例", "全国性行业协会认可", "客户验收合格", "获省级行业组织认可")


def number_of(position: int) -> str:
    """The application number of the body at ``position`` (from 0)."""
    return f"QISP-{YEAR}-{position + 1:03d}"


@dataclass(frozen=True)
class Work:
    """A project of the last three years; ``amount`` in 100 yuan, so that no binary float is needed."""

    name: str
    client: str
    year: int
    category: str
    amount: int
    recognition: str


def projects_of(position: int) -> list[Work]:
    """The projects of the body at ``position``, always the same."""
    body = BODIES[position]
    works = []
    for n in range(body.projects):
        category = CATEGORIES[body.categories[n % len(body.categories)]]
        topic = TOPICS[category][(n // len(body.categories)) % 2]
        works.append(
            Work(
                f"{body.cluster}{topic}项目",
                f"深圳示例客户{position * 17 + n * 7 + 3}号公司",
                YEAR - 3 + n % 3,
                category,
                1200 + (position * 739 + n * 1213) % 9000,
                RECOGNITION[(position + n) % len(RECOGNITION)],
            )
        )
    return works

"""The first customers of every demonstration, whatever its seed: stories, pictures and the user guide name them."""

from __future__ import annotations

from typing import Final

from backoffice.generating import plans
from backoffice.generating.complaints import KINDS, NO_FIBRE, NO_SIGNAL, SLOW_FIBRE, Complaint
from backoffice.generating.places import DISTRICTS, STREETS, Address, District, site_of
from backoffice.generating.sketch import Company, Held, Person, Sketch
from backoffice.importing.bodies.parties import PersonName

_XIHU, _SHANGCHENG, _GONGSHU, _BINJIANG, _XIAOSHAN = DISTRICTS[:5]
_BILL: Final = next(kind for kind in KINDS if kind.ticket_type == "billing")


def featured_sketches() -> tuple[Sketch, ...]:
    """The hand-set customers in their order; C-100001 is the first."""
    return (
        Sketch(
            _person("张", "伟", "Zhang Wei", "male", "1985-06-15"),
            "gold",
            _address(_XIHU, 0, 12, "3幢501室"),
            (
                Held(plans.MOBILE_129, 1200, number="15400138000"),
                Held(plans.FIBRE_300, 700, months=24),  # its term ends within weeks
            ),
            due=128.5,
            has_email=True,
            complaints=(Complaint(SLOW_FIBRE, 20, "inProgress"), Complaint(_BILL, 1900, "closed")),
        ),
        Sketch(
            _person("李", "娜", "Li Na", "female", "1991-02-20"),
            "silver",
            _address(_XIHU, 1, 88, "1幢1204室"),
            (
                Held(plans.MOBILE_199, 800, months=24, number="15400138001"),
                Held(plans.MOBILE_59, 300, suspended="lost", number="15400138002"),
                Held(plans.FIBRE_500_TV, 800),
            ),
            has_email=True,
        ),
        Sketch(
            Person(PersonName("Aoife", "O'Neill", "Aoife O'Neill"), "Aoife O'Neill", "female", "1994-11-03"),
            "standard",
            _address(_BINJIANG, 7, 301, "8幢1602室"),
            (Held(plans.MOBILE_199, 150, number="15400138003"), Held(plans.ROAMING, 150)),
            accounts=2,
            complaints=(Complaint(NO_SIGNAL, 3, "acknowledged", outage="P-1043"),),
        ),
        _key_account(),
        Sketch(
            _person("王", "𠮷", "Wang Ji", "male", "1968-09-09"),
            "standard",
            _address(_GONGSHU, 3, 45, "2幢303室"),
            (Held(plans.FIBRE_1000_TV, 420, months=12), Held(plans.PHONE, 3000)),
        ),
        Sketch(
            _person("欧阳", "雨涵", "Ouyang Yuhan", "female", "1999-12-31"),
            "standard",
            _address(_XIHU, 0, 30, "5幢702室"),
            (Held(plans.MOBILE_59, 90, number="15400138004"), Held(plans.FIBRE_300, 90, months=12)),
            complaints=(Complaint(NO_FIBRE, 1, "pending", outage="P-1042"),),
        ),
        Sketch(
            _person("陈", "静", "Chen Jing", "female", "1978-04-04"),
            "standard",
            _address(_SHANGCHENG, 4, 7, "1幢101室"),
            (Held(plans.MOBILE_129, 2000, suspended="unpaid", number="15400138005"),),
            due=387.0,
        ),
        Sketch(
            _person("沈", "𬭚", "Shen Chun", "male", "1950-01-28"),
            "platinum",
            _address(_XIAOSHAN, 8, 16, "4幢404室"),
            (Held(plans.PHONE, 3600), Held(plans.MOBILE_59, 2500, number="15400138006")),
        ),
    )


def _key_account() -> Sketch:
    return Sketch(
        Company("浙江云栈物流有限公司", "Zhejiang Yunzhan Logistics Co., Ltd."),
        "key",
        _address(_BINJIANG, 7, 1688, "A座20层"),
        (
            Held(plans.LEASED_LINE, 1500, months=24),
            Held(plans.BUSINESS_1000, 1500, months=24),
            *(Held(plans.MOBILE_199, 900, number=f"1540099000{line}") for line in range(1, 5)),
            Held(plans.PHONE, 1500),
        ),
        accounts=3,
        due=6384.0,
        has_email=True,
        complaints=(Complaint(NO_FIBRE, 2, "inProgress"),),
    )


def _person(family: str, given: str, latin: str, gender: str, born: str) -> Person:
    return Person(PersonName(given, family, family + given), latin, gender, born)


def _address(district: District, street: int, number: int, room: str) -> Address:
    return Address(district, *STREETS[street], number, room, site_of(district, 0))

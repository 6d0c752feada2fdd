"""What the demonstration operator sells; prices in CNY a month, tax included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CURRENCY: Final = "CNY"
TELEPHONES: Final = ("mobile", "fixedVoice")
"""The kinds of lines that can be called."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One service of a plan; `speed` is downstream in Mbit/s, 0 where that says nothing."""

    kind: str
    name: str
    speed: int = 0

    @property
    def has_number(self) -> bool:
        """Whether the line has a number; one of a broadband line is no telephone number."""
        return self.kind in TELEPHONES or self.kind == "broadband"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Something on sale."""

    key: str
    name: str
    price: float
    parts: tuple[Part, ...]


def _mobile(price: int) -> Plan:
    return Plan(f"5g-{price}", f"5G {price}", float(price), (Part("mobile", f"5G {price}"),))


def _fibre(speed: int, price: float, *, has_tv: bool = False) -> Plan:
    line = Part("broadband", f"光纤 Fibre {speed}M", speed)
    if has_tv:
        return Plan(f"fibre-{speed}-tv", f"光纤 Fibre {speed}M + TV", price, (line, Part("tv", "互联网电视 TV")))
    return Plan(f"fibre-{speed}", f"光纤 Fibre {speed}M", price, (line,))


MOBILE_59: Final = _mobile(59)
MOBILE_129: Final = _mobile(129)
MOBILE_199: Final = _mobile(199)
FIBRE_300: Final = _fibre(300, 79.0)
FIBRE_500_TV: Final = _fibre(500, 119.0, has_tv=True)
FIBRE_1000_TV: Final = _fibre(1000, 199.0, has_tv=True)
PHONE: Final = Plan("phone", "固定电话 Fixed line", 15.0, (Part("fixedVoice", "固定电话 Fixed line"),))
ROAMING: Final = Plan("roaming", "国际漫游 Roaming", 30.0, (Part("addOn", "国际漫游 Roaming"),))
LEASED_LINE: Final = Plan("leased-100", "专线 Leased line 100M", 2800.0, (Part("broadband", "专线 Leased line", 100),))
BUSINESS_1000: Final = Plan(
    "business-1000", "企业光纤 Business fibre 1000M", 399.0, (Part("broadband", "企业光纤 Business fibre", 1000),)
)

MOBILES: Final = (MOBILE_59, MOBILE_59, MOBILE_129, MOBILE_129, MOBILE_199)
FIBRES: Final = (FIBRE_300, FIBRE_300, FIBRE_500_TV, FIBRE_1000_TV)

"""The demonstration operator's territory: districts of Hangzhou with common street names; house numbers are made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, eq=False)
class District:
    """A district by its Chinese and its Latin name, with its post code and centre in degrees."""

    name: str
    latin: str
    post_code: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Address:
    """Where a customer lives or works; `site` is the network site that serves it, such as `Xihu-1`."""

    district: District
    street: str
    street_latin: str
    number: int
    room: str
    site: str

    @property
    def street_number(self) -> str:
        """The house number as it is written."""
        return f"{self.number}号"

    @property
    def line(self) -> str:
        """The address in Chinese, from the district down to the room."""
        return f"{self.district.name}{self.street}{self.number}号{self.room}"

    @property
    def line_latin(self) -> str:
        """The street in Latin letters."""
        return f"{self.number} {self.street_latin}, {self.district.latin} District"


DISTRICTS: Final = (
    District("西湖区", "Xihu", "310013", 30.26, 120.13),
    District("上城区", "Shangcheng", "310002", 30.25, 120.17),
    District("拱墅区", "Gongshu", "310011", 30.32, 120.14),
    District("滨江区", "Binjiang", "310051", 30.21, 120.21),
    District("萧山区", "Xiaoshan", "311200", 30.18, 120.26),
    District("余杭区", "Yuhang", "311121", 30.28, 119.98),
    District("临平区", "Linping", "311100", 30.42, 120.30),
    District("钱塘区", "Qiantang", "310018", 30.31, 120.35),
)
STREETS: Final = (
    ("文一路", "Wenyi Rd"),
    ("文二路", "Wen'er Rd"),
    ("人民路", "Renmin Rd"),
    ("解放路", "Jiefang Rd"),
    ("中山路", "Zhongshan Rd"),
    ("建设路", "Jianshe Rd"),
    ("育才路", "Yucai Rd"),
    ("江南大道", "Jiangnan Ave"),
    ("市心路", "Shixin Rd"),
    ("南苑街", "Nanyuan St"),
)
PROVINCE: Final = "浙江"
CITY: Final = "杭州"
COUNTRY: Final = "CN"
_SITE_SERVES: Final = 400  # customers, on average


def site_of(district: District, index: int) -> str:
    """The site that serves customer number `index`: each district's next one begins when the last is full."""
    return f"{district.latin}-{index // (_SITE_SERVES * len(DISTRICTS)) + 1}"

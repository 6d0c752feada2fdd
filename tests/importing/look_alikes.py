"""Hand-made files that look like those of the other sections, with every kind of dirt that they have, and worse."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.importing.folders import Folder, clean_folder

ALARMS: Final = "network/huawei_alarms_18V_55N_wireless.csv"
QUALITY: Final = "network/trai_mycall_2019_09.csv"
POPULATIONS: Final = "customers/maven_zipcode_population.csv"
DICTIONARY: Final = "customers/maven_data_dictionary.csv"
OPERATORS: Final = "numbers/mcc_mnc_list.json"
PROVINCES: Final = "regions/china_division_provinces.csv"
CITIES: Final = "regions/china_division_cities.csv"
AREAS: Final = "regions/china_division_areas.csv"
_DICTIONARY_HEADER: Final = "\ufeffCode,Field,Description"
_QUALITY_HEADER: Final = (
    "Operator,In Out Travelling,Network Type,Rating,Call Drop Category,Latitude,Longitude,State Name"
)


def put(folder: Folder, place: str, content: str) -> Path:
    """Write one file of a folder."""
    path = folder.path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def alarms(folder: Folder, *rows: str) -> None:
    """The alarm file: kind, device, start and end in seconds."""
    put(folder, ALARMS, "\n".join(["alarm_id,device_id,start_timestamp,end_timestamp", *rows, ""]))


def ratings(folder: Folder, *rows: str) -> None:
    """The file of what callers said."""
    put(folder, QUALITY, "\n".join([_QUALITY_HEADER, *rows, ""]))


def populations(folder: Folder, *rows: str) -> None:
    """The file of postal codes."""
    put(folder, POPULATIONS, "\n".join(["Zip Code,Population", *rows, ""]))


def dictionary(folder: Folder, *rows: str) -> None:
    """The dictionary of the customer files."""
    put(folder, DICTIONARY, "\n".join([_DICTIONARY_HEADER, *rows, ""]))


def divisions(folder: Folder, provinces: Sequence[str], cities: Sequence[str], areas: Sequence[str]) -> None:
    """The three files of Chinese divisions."""
    put(folder, PROVINCES, "\n".join(["code,name", *provinces, ""]))
    put(folder, CITIES, "\n".join(["code,name,provinceCode", *cities, ""]))
    put(folder, AREAS, "\n".join(["code,name,cityCode,provinceCode", *areas, ""]))


def operators(folder: Folder, *entries: object) -> None:
    """The list of mobile networks, written as the real one is: each attribute on a line."""
    put(folder, OPERATORS, json.dumps(entries, indent=2, ensure_ascii=False))


def operator(mcc: str, mnc: str, brand: str | None = "Aquafon", status: str = "Operational") -> dict[str, str | None]:
    """An entry of that list."""
    named = {"type": "National", "countryName": "Abkhazia", "countryCode": "GE-AB"}
    rest = {"operator": "Aquafon JSC", "status": status, "bands": "GSM 900", "notes": None}
    return {**named, "mcc": mcc, "mnc": mnc, "brand": brand, **rest}


def graph(folder: Folder, name: str, body: str, *, space: str = "http://graphml.graphdrawing.org/xmlns") -> Path:
    """A GraphML file; `body` are the nodes and links of its graph, beginning on line 9."""
    keys = (
        '<key attr.name="label" attr.type="string" for="node" id="d1" />',
        '<key attr.name="Latitude" attr.type="double" for="node" id="d2" />',
        '<key attr.name="Longitude" attr.type="double" for="node" id="d3" />',
        '<key attr.name="Network" attr.type="string" for="graph" id="d4" />',
        '<key attr.name="LinkLabel" attr.type="string" for="edge" id="d5" />',
    )
    head = [f'<?xml version="1.0" encoding="utf-8"?><graphml xmlns="{space}">', *keys]
    opened = ['<graph edgedefault="undirected">', '<data key="d4">China Telecom </data>']
    return put(
        folder, f"network/topology/{name}.graphml", "\n".join([*head, *opened, body.strip(), "</graph></graphml>"])
    )


def node(node_id: str, label: str = "", where: tuple[str, str] | None = None) -> str:
    """A node of a graph, on one line."""
    named = f'<data key="d1">{label}</data>' if label else ""
    placed = f'<data key="d2">{where[0]}</data><data key="d3">{where[1]}</data>' if where else ""
    return f'<node id="{node_id}">{named}{placed}</node>'


def link(source: str, target: str, label: str = "") -> str:
    """A link of a graph, on one line."""
    named = f'<data key="d5">{label}</data>' if label else ""
    return f'<edge source="{source}" target="{target}">{named}</edge>'


def sample(folder: Folder, name: str, body: object) -> None:
    """A payload."""
    put(folder, f"catalogue/{name}.json", json.dumps(body, ensure_ascii=False))


TICKET: Final[Mapping[str, Any]] = {
    "id": "3180",
    "description": "No signal",
    "severity": "Major",
    "ticketType": "complaint",
    "status": "In Progress",
}


def whole_folder(path: Path, customers: int = 6) -> Folder:
    """Every section there is, clean and dirty rows in each."""
    folder = clean_folder(path, customers, 3)
    folder.write()
    alarms(folder, "11,28,30685,30835", "1,29,30685,32414", "1,29,30685,32414", "2,,5,6", "2,28,9,8", "short")
    ratings(folder, "RJio,Indoor,4G,4,Satisfactory,12.69,78.63,Tamil Nadu", "RJio,Outdoor,4G,9,Call Dropped,-1,-1,NA")
    populations(folder, "90001,54492", "90002,44586", "9000,1", "90003,many")
    dictionary(
        folder,
        "Customer Churn,Gender,The customerís gender",
        "Customer Churn,Streaming TV,stream programing from a third party provider at no additional fee",
        "Customer Churn,,nothing",
    )
    divisions(folder, ["11,北京市"], ["1101,市辖区,11", "9901,空,99"], ["110101,东城区,1101,11"])
    operators(folder, operator("289", "67"), operator("289", "67", None), {"mcc": None})
    graph(
        folder, "Chinanet", "\n".join([node("0", "北京", ("39.9", "116.4")), node("1"), link("0", "1"), link("0", "7")])
    )
    sample(folder, "tmf/TMF621__TroubleTicket.example", TICKET)
    sample(folder, "oda/test_payloads__gold_offering", {"name": "Gold", "@type": "ProductOffering"})
    sample(folder, "tmf/TMF641__ServiceOrder.example", {"id": "1"})
    return folder

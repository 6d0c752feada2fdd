"""Addresses that were checked, visits and the time for them (TMF646, 673)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from backoffice.documents import Document
from backoffice.generating.content.parts import CUSTOMER, HOME, Days
from backoffice.generating.places import CITY, COUNTRY, PROVINCE
from backoffice.importing.bodies.parts import related

_TICKET: Final = {**related("concerned", "troubleTicket", "T-8841", "宽带慢 Slow broadband")}


def documents(days: Days) -> Iterator[Document]:
    """A checked address, a flat in it, a visit that is agreed and the search for its time."""
    address = {
        "city": CITY,
        "country": COUNTRY,
        "stateOrProvince": PROVINCE,
        "locality": "西湖区",
        "streetName": "文一路",
    }
    submitted: dict[str, Any] = {**address, "streetNr": "12"}
    yield days.record(
        "geographicSubAddress",
        "G-100001-1",
        700,
        name="3幢501室",
        buildingName="3幢",
        levelNumber="5",
        levelType="floor",
        subAddressType="flat",
        subUnitNumber="501",
        subUnitType="flat",
        geographicAddress={
            "id": "G-100001",
            "href": "/tmf-api/geographicAddressManagement/v4/geographicAddress/G-100001",
        },
    )
    yield days.record(
        "geographicAddressValidation",
        "validation-1",
        700,
        state="done",
        validationResult="success",
        provideAlternative=False,
        submittedGeographicAddress=submitted,
        validGeographicAddress={"id": "G-100001", **submitted},
        alternateGeographicAddress=[],
    )
    slot = days.span(-1.4, -1.5)
    yield days.record(
        "searchTimeSlot",
        "slots-1",
        0.7,
        status="done",
        searchResult="success",
        requestedTimeSlot=[{"validFor": days.span(-1, -3)}],
        availableTimeSlot=[{"id": "slot-1", "validFor": slot}],
        relatedPlace=HOME,
        relatedEntity=[_TICKET],
    )
    yield days.record(
        "appointment",
        "visit-1",
        0.7,
        status="confirmed",
        category="repair",
        description="检查光猫 Check the modem",
        validFor=slot,
        contactMedium=[],
        note=[],
        relatedEntity=[_TICKET],
        relatedParty=[CUSTOMER],
        relatedPlace=HOME,
    )

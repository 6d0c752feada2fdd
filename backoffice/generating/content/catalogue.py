"""What is on sale: a catalogue with its categories, specifications, offerings and prices (TMF620), and how they were loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from backoffice.documents import Document
from backoffice.generating import plans
from backoffice.generating.content.parts import CUSTOMER, Days, money
from backoffice.generating.plans import Part, Plan
from backoffice.importing.bodies.parts import Json, reference

_CATEGORIES: Final = {
    "mobile": ("移动 Mobile", (plans.MOBILE_59, plans.MOBILE_129, plans.MOBILE_199)),
    "home": ("家庭 Home", (plans.FIBRE_300, plans.FIBRE_500_TV, plans.FIBRE_1000_TV, plans.PHONE)),
    "business": ("企业 Business", (plans.LEASED_LINE, plans.BUSINESS_1000)),
    "extras": ("附加 Extras", (plans.ROAMING,)),
}
_LAUNCHED: Final = 400  # days ago


def _key_of(part: Part) -> str:
    """The id of a part's specification: parts that are the same but for their price share it."""
    return f"{part.kind}-{part.speed}" if part.speed else part.kind


_PARTS: Final = [part for _, sold in _CATEGORIES.values() for plan in sold for part in plan.parts]
_SPECIFIED: Final = {_key_of(part): part for part in reversed(_PARTS)}
_LIVING: Final[dict[str, Any]] = {"lifecycleStatus": "Launched", "version": "1.0"}


def documents(days: Days) -> Iterator[Document]:
    """The whole catalogue."""
    living = {**_LIVING, "validFor": {"startDateTime": days.ago(_LAUNCHED)}}
    categories = [reference("category", key, name) for key, (name, _) in _CATEGORIES.items()]
    yield days.record(
        "catalog", "all", _LAUNCHED, name="全部 All", catalogType="ProductCatalog", category=categories, **living
    )
    for key, (name, sold) in _CATEGORIES.items():
        offered = [reference("productOffering", plan.key, plan.name) for plan in sold]
        yield days.record("category", key, _LAUNCHED, name=name, productOffering=offered, **living)
        for plan in sold:
            yield from _plan(days, plan, reference("category", key, name), living)
    for part in _SPECIFIED.values():
        yield _specification(days, part, living)
    yield from _jobs(days)
    yield from _kinds_of_usage(days)


def _plan(days: Days, plan: Plan, category: Json, living: Json) -> Iterator[Document]:
    key = _key_of(plan.parts[0])
    specification = reference("productSpecification", key, _SPECIFIED[key].name)
    price = reference("productOfferingPrice", f"{plan.key}-monthly", "Monthly charge")
    yield days.record(
        "productOffering",
        plan.key,
        _LAUNCHED,
        name=plan.name,
        description=plan.name,
        isBundle=len(plan.parts) > 1,
        category=[category],
        channel=[],
        place=[],
        productOfferingPrice=[price],
        productOfferingTerm=[{"name": f"{n} 个月 months", "duration": amount_of_months(n)} for n in (12, 24)],
        productSpecification=specification,
        **living,
    )
    yield days.record(
        "productOfferingPrice",
        price["id"],
        _LAUNCHED,
        name="Monthly charge",
        description=plan.name,
        priceType="recurring",
        recurringChargePeriodLength=1,
        recurringChargePeriodType="month",
        price=money(plan.price),
        tax=[{"taxCategory": "VAT", "taxRate": 0.06}],
        **living,
    )


def amount_of_months(months: int) -> Json:
    """A duration."""
    return {"amount": months, "units": "month"}


def _specification(days: Days, part: Part, living: Json) -> Document:
    values = [{"value": part.speed, "valueType": "integer", "isDefault": True}]
    speed: Json = {"name": "downstreamMbps", "valueType": "integer", "productSpecCharacteristicValue": values}
    return days.record(
        "productSpecification",
        _key_of(part),
        _LAUNCHED,
        name=part.name,
        description=part.name,
        brand="Trunkline",
        productNumber=_key_of(part),
        productSpecCharacteristic=[speed] if part.speed else [],
        **living,
    )


def _jobs(days: Days) -> Iterator[Document]:
    ended = {"status": "Succeeded", "contentType": "application/json", "errorLog": "", "path": ""}
    url = "https://catalogue.example.com/"
    when = days.ago(_LAUNCHED)
    yield days.record("importJob", "import-1", _LAUNCHED, url=f"{url}import.json", completionDate=when, **ended)
    asked = {"url": f"{url}export.json", "query": "lifecycleStatus=Launched"}
    yield days.record("exportJob", "export-1", 30, completionDate=days.ago(30), **asked, **ended)


def _kinds_of_usage(days: Days) -> Iterator[Document]:
    living = {"lifecycleStatus": "active", "version": "1.0", "validFor": {"startDateTime": days.ago(_LAUNCHED)}}
    volume = {"name": "volumeMB", "valueType": "number", "characteristicValueSpecification": []}
    yield days.record(
        "usageSpecification",
        "mobile-data",
        _LAUNCHED,
        name="移动数据 Mobile data",
        specCharacteristic=[volume],
        **living,
    )
    terms = {"name": "Terms", "mimeType": "application/pdf", "url": "https://www.example.com/terms.pdf"}
    yield days.record(
        "agreementSpecification", "framework", _LAUNCHED, name="框架协议 Framework", attachment=[terms], **living
    )
    criteria = {"relatedParty": [CUSTOMER]}
    yield days.record("queryUsageConsumption", "usage-query-1", 2, searchCriteria=criteria, **_consumed(days))


def _consumed(days: Days) -> Json:
    counted = {
        "counterType": "used",
        "level": "local",
        "value": 5.2,
        "unit": "GB",
        "consumptionPeriod": days.span(20, 2),
    }
    bucket = {
        "name": "5G 129",
        "usageType": "data",
        "bucketCounter": [counted],
        "bucketRefOrValue": {"id": "bucket-data"},
    }
    return {"partyAccount": [], "relatedParty": [CUSTOMER], "usageConsumption": [{"bucket": [bucket]}]}

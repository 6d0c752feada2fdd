"""What is asked before and after a sale: qualifications, recommendations, a cancelled order, stock (TMF622, 645, 679, 680, 687)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from backoffice.documents import Document
from backoffice.generating import plans
from backoffice.generating.content.parts import ACCOUNT, CUSTOMER, HALL, HOME, Days, amount
from backoffice.importing.bodies.parts import Json, place, reference

_FASTER: Final = reference("productOffering", plans.FIBRE_1000_TV.key, plans.FIBRE_1000_TV.name)
_HOME: Final = reference("category", "home", "家庭 Home")
_MODEM: Final[Json] = {"id": "modem", "name": "光猫 Modem"}
_SIM: Final[Json] = {"id": "sim", "name": "SIM卡 SIM card"}
_HALL: Final = place("hall", "hall-xihu", "西湖营业厅 Xihu hall")
_HELD: Final = ((_MODEM, 40, 5), (_SIM, 480, 20))


def documents(days: Days) -> Iterator[Document]:
    """Everything around a sale."""
    yield from _cancelled(days)
    yield from _qualified(days)
    yield _recommended(days)
    for product, there, _ in _HELD:
        yield _stock(days, product, there)
    yield from _stock_tasks(days)


def _cancelled(days: Days) -> Iterator[Document]:
    item = {"id": "1", "action": "add", "quantity": 1, "state": "cancelled", "productOffering": _FASTER}
    yield days.record(
        "productOrder",
        "OR-cancelled-1",
        40,
        state="cancelled",
        description="提速 Faster line",
        cancellationDate=days.ago(39),
        cancellationReason="客户改变主意 Customer changed their mind",
        billingAccount=ACCOUNT,
        productOrderItem=[item],
        relatedParty=[CUSTOMER],
    )
    yield days.record(
        "cancelProductOrder",
        "cancel-1",
        39,
        state="done",
        cancellationReason="客户改变主意 Customer changed their mind",
        requestedCancellationDate=days.ago(39),
        effectiveCancellationDate=days.ago(39),
        productOrder=reference("productOrder", "OR-cancelled-1"),
        relatedParty=[CUSTOMER],
    )


def _qualified(days: Days) -> Iterator[Document]:
    service = {"serviceType": "broadband", "place": [HOME], "serviceSpecification": {"id": "broadband"}}
    item = {"id": "1", "state": "done", "qualificationResult": "qualified", "service": service}
    answered = {"effectiveQualificationDate": days.ago(45), "expirationDate": days.ago(-15), "state": "done"}
    asked = {"description": "1000M", "instantSyncQualification": True, "relatedParty": [CUSTOMER], **answered}
    yield days.record(
        "checkServiceQualification",
        "check-1",
        45,
        qualificationResult="qualified",
        serviceQualificationItem=[item],
        provideAlternative=False,
        provideUnavailabilityReason=True,
        **asked,
    )
    yield days.record(
        "queryServiceQualification",
        "query-1",
        45,
        searchCriteria={"service": {"serviceType": "broadband", "place": [HOME]}},
        serviceQualificationItem=[item],
        **asked,
    )
    offered = {"id": "1", "state": "done", "qualificationItemResult": "qualified", "productOffering": _FASTER}
    yield days.record(
        "productOfferingQualification",
        "offering-1",
        45,
        qualificationResult="qualified",
        productOfferingQualificationItem=[offered],
        category=_HOME,
        channel=HALL,
        place=[HOME],
        note=[],
        **asked,
    )


def _recommended(days: Days) -> Document:
    item = {"id": "1", "priority": 1, "product": {"name": _FASTER["name"], "productOffering": _FASTER}}
    return days.record(
        "queryProductRecommendation",
        "recommendation-1",
        45,
        name="提速 Faster line",
        recommendationType="upsell",
        instantSyncRecommendation=True,
        state="done",
        category=[_HOME],
        channel=[HALL],
        recommendationItem=[item],
        relatedParty=CUSTOMER,
        validFor=days.span(45, -15),
    )


def _stock(days: Days, product: Json, there: int) -> Document:
    return days.record(
        "productStock",
        f"stock-{product['id']}",
        200,
        name=product["name"],
        productStockStatusType="available",
        productStockUsageType="inShop",
        stockLevelCategory="hall",
        productStockLevel=_pieces(there),
        minStockLevel=_pieces(10),
        maxStockLevel=_pieces(500),
        reorderQuantity=_pieces(100),
        lastInventoryDate=days.ago(7),
        place=_HALL,
        stockedProduct=product,
    )


def _stock_tasks(days: Days) -> Iterator[Document]:
    stock = {**reference("productStock", "stock-modem", _MODEM["name"]), "@type": "ProductStockRef"}
    wanted: dict[str, Any] = {"productStockLevel": _pieces(1), "stockedProduct": _MODEM}
    adjusted = {"id": "1", "state": "done", "productStockTarget": stock, "adjustProductStockQuantity": _pieces(-2)}
    done = {"state": "done"}
    yield days.record(
        "adjustProductStock", "adjust-stock-1", 7, adjustReason="盘点 Count", adjustProductStockItem=[adjusted], **done
    )
    checked = {"id": "1", "state": "done", "requestedQuantity": _pieces(1), "checkedProductStock": {**stock, **wanted}}
    checked |= {"stockCheckResult": "available"}
    yield days.record(
        "checkProductStock",
        "check-stock-1",
        5,
        checkProductStockItem=[checked],
        place=_HALL,
        relatedParty=[CUSTOMER],
        **done,
    )
    reserved = {"id": "1", "state": "done", "quantityRequested": _pieces(1), "requestedProduct": _MODEM}
    reserved |= {"productStockReserved": stock, "quantityGiven": _pieces(1)}
    yield days.record(
        "reserveProductStock",
        "reserve-stock-1",
        5,
        reserveProductStockItem=[reserved],
        reserveProductStockState="done",
        place=_HALL,
        channel=[HALL],
        relatedParty=[CUSTOMER],
        relatedEntity=[],
        validFor=days.span(5, -2),
    )
    found = {"id": "stock-modem", "productStockLevel": _pieces(40), "stockedProduct": _MODEM}
    yield days.record(
        "queryProductStock",
        "query-stock-1",
        5,
        searchCriteria=wanted,
        queryProductStockItem=[found],
        relatedParty=[CUSTOMER],
        **done,
    )


def _pieces(count: int) -> Json:
    return amount(count, "pcs")

"""What happens besides when certain resources are asked for, changed or deleted: one module of plain rules for each.

The engine calls a rule inside the transaction of the request; a rule reads and writes through a small port and knows
nothing of requests or databases.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backoffice.rules import (
    addresses,
    alarms,
    appointments,
    balances,
    bills,
    catalogue_jobs,
    consumption,
    contacts,
    flows,
    leased,
    offering_qualification,
    orders,
    payments,
    problems,
    recommendations,
    service_qualification,
    stock,
)
from backoffice.rules.port import Rule

__all__ = ["RULES"]

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "ackAlarms": alarms.ACKNOWLEDGE,
        "adjustBalance": balances.ADJUST,
        "adjustProductStock": stock.ADJUST,
        "alarm": alarms.ALARM,
        "appointment": appointments.APPOINTMENT,
        "cancelProductOrder": orders.CANCELLATION,
        "checkProductStock": stock.CHECK,
        "checkServiceQualification": service_qualification.CHECK,
        "clearAlarms": alarms.CLEAR,
        "commentAlarms": alarms.COMMENT,
        "customerBill": bills.BILL,
        "customerBillOnDemand": bills.ON_DEMAND,
        "exportJob": catalogue_jobs.EXPORT,
        "geographicAddressValidation": addresses.VALIDATION,
        "groupAlarms": alarms.GROUP,
        "importJob": catalogue_jobs.IMPORT,
        "payment": payments.PAYMENT,
        "partyInteraction": contacts.INTERACTION,
        "problemAcknowledgement": problems.ACKNOWLEDGE,
        "problemGroup": problems.GROUP,
        "problemUnacknowledgement": problems.UNACKNOWLEDGE,
        "problemUngroup": problems.UNGROUP,
        "processFlow": flows.FLOW,
        "productOfferingQualification": offering_qualification.QUALIFICATION,
        "productOrder": orders.ORDER,
        "productStock": stock.STOCK,
        "queryProductRecommendation": recommendations.RECOMMENDATION,
        "queryProductStock": stock.QUERY,
        "queryServiceQualification": service_qualification.QUERY,
        "queryUsageConsumption": consumption.CONSUMPTION,
        "refund": payments.REFUND,
        "reserveBalance": balances.RESERVE,
        "reserveProductStock": stock.RESERVE,
        "resource": leased.RESOURCE,
        "searchTimeSlot": appointments.SEARCH,
        "serviceProblem": problems.PROBLEM,
        "taskFlow": flows.TASK,
        "topupBalance": balances.TOPUP,
        "transferBalance": balances.TRANSFER,
        "unAckAlarms": alarms.UNACKNOWLEDGE,
        "unGroupAlarms": alarms.UNGROUP,
    }
)

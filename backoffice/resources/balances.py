"""Prepaid balances, what moves them and what moved them (TMF654)."""

from __future__ import annotations

from dataclasses import replace

from backoffice.resources.common import THE_CUSTOMER
from backoffice.resources.kinds import READING, Owner, Resource, States, attributes, filters, transitions
from backoffice.resources.masks import NUMBERS, RECEIVING_NUMBER, means_under

_ACTION = States(
    "status",
    "created",
    transitions(created="completed failed cancelled", completed="cancelled", failed="", cancelled=""),
    is_given=False,
    reached={"completed": "confirmationDate"},
)
_FINAL_ACTION = replace(
    _ACTION, transitions=transitions(created="completed failed", completed="", failed="", cancelled="")
)
_OWNERS = (*THE_CUSTOMER, Owner("partyAccount.id", through="billingAccount"))

_USAGE = ("monetary", "voice", "data", "sms", "other")
_ADJUSTED = ("recurring", "oneTime")
_REPEATED = ("weekly", "fortnightly", "monthly")
_PAYER = ("originator", "receiver")
_EVENTS = ("CreateEvent", "CancelEvent", "FailureEvent")

BALANCES = (
    Resource(
        "bucket",
        "prepayBalanceManagement/v4",
        attributes(
            "confirmationDate:instant description isShared:truth name remainingValueName requestedDate:instant "
            "logicalResource:list partyAccount:object product:list relatedParty:list remainingValue:object "
            "reservedValue:object status usageType validFor:object"
        ),
        operations=READING,
        words={"usageType": _USAGE},
        filters=filters(
            "name status usageType partyAccount.id product.id logicalResource.id relatedParty.id validFor.endDateTime:instant"
        ),
        states=States(
            "status", "active", transitions(active="suspended expired", suspended="active expired", expired="")
        ),
        owners=_OWNERS,
        masks=NUMBERS,
    ),
    Resource(
        "topupBalance",
        "prepayBalanceManagement/v4",
        attributes(
            "confirmationDate:instant description isAutoTopup:truth numberOfPeriods:integer reason "
            "requestedDate:instant voucher amount:object balanceTopup:object bucket:object channel:object "
            "logicalResource:list partyAccount:object paymentMethod:object product:list recurringPeriod "
            "relatedParty:list requestor:object status usageType validFor:object"
        ),
        required=("amount", "usageType", "bucket", "partyAccount"),
        events=_EVENTS,
        words={"usageType": _USAGE, "recurringPeriod": _REPEATED},
        filters=filters(
            "status usageType voucher bucket.id partyAccount.id logicalResource.id "
            "product.id channel.id requestor.id relatedParty.id requestedDate:instant confirmationDate:instant"
        ),
        states=_ACTION,
        created="requestedDate",
        never=("confirmationDate",),
        rule="topupBalance",
        owners=_OWNERS,
        masks=(*NUMBERS, *means_under("paymentMethod")),
    ),
    Resource(
        "adjustBalance",
        "prepayBalanceManagement/v4",
        attributes(
            "confirmationDate:instant description reason requestedDate:instant adjustType amount:object "
            "bucket:object channel:object logicalResource:list partyAccount:object product:list relatedParty:list "
            "requestor:object status usageType validFor:object"
        ),
        required=("amount", "usageType", "bucket"),
        events=_EVENTS,
        words={"usageType": _USAGE, "adjustType": _ADJUSTED},
        filters=filters(
            "status usageType bucket.id partyAccount.id logicalResource.id product.id "
            "channel.id requestor.id relatedParty.id requestedDate:instant confirmationDate:instant"
        ),
        states=_ACTION,
        created="requestedDate",
        never=("confirmationDate",),
        rule="adjustBalance",
        owners=_OWNERS,
        masks=NUMBERS,
    ),
    Resource(
        "transferBalance",
        "prepayBalanceManagement/v4",
        attributes(
            "confirmationDate:instant description reason requestedDate:instant amount:object bucket:object "
            "channel:object costOwner logicalResource:list partyAccount:object product:list receiver:object "
            "receiverBucket:object receiverBucketUsageType receiverLogicalResource:object receiverProduct:object "
            "relatedParty:list requestor:object status transferCost:object usageType validFor:object"
        ),
        required=(
            "reason",
            "receiverLogicalResource",
            "channel",
            "logicalResource",
            "amount",
            "usageType",
            "bucket",
            "receiverBucket",
            "receiverBucketUsageType",
        ),
        events=_EVENTS,
        words={"usageType": _USAGE, "receiverBucketUsageType": _USAGE, "costOwner": _PAYER},
        filters=filters(
            "status usageType bucket.id receiverBucket.id receiverLogicalResource.id partyAccount.id logicalResource.id "
            "product.id channel.id requestor.id receiver.id relatedParty.id requestedDate:instant confirmationDate:instant"
        ),
        states=_FINAL_ACTION,
        created="requestedDate",
        once=("description", "validFor"),
        never=("confirmationDate",),
        rule="transferBalance",
        owners=_OWNERS,
        masks=(*NUMBERS, *RECEIVING_NUMBER),
    ),
    Resource(
        "reserveBalance",
        "prepayBalanceManagement/v4",
        attributes(
            "confirmationDate:instant description reason requestedDate:instant amount:object bucket:object "
            "channel:object logicalResource:list partyAccount:object product:list relatedParty:list requestor:object "
            "status usageType validFor:object"
        ),
        required=("usageType", "bucket", "partyAccount"),
        events=_EVENTS,
        words={"usageType": _USAGE},
        filters=filters(
            "status usageType bucket.id partyAccount.id logicalResource.id product.id "
            "channel.id requestor.id relatedParty.id requestedDate:instant confirmationDate:instant"
        ),
        states=_ACTION,
        created="requestedDate",
        never=("confirmationDate",),
        rule="reserveBalance",
        owners=_OWNERS,
        masks=NUMBERS,
    ),
    Resource(
        "accumulatedBalance",
        "prepayBalanceManagement/v4",
        attributes(
            "description name bucket:list logicalResource:object partyAccount:object product:list relatedParty:list "
            "totalBalance:object"
        ),
        operations=READING,
        filters=filters("name bucket.id partyAccount.id product.id logicalResource.id relatedParty.id"),
        owners=_OWNERS,
        masks=NUMBERS,
    ),
    Resource(
        "balanceActionHistory",
        "prepayBalanceManagement/v4",
        attributes(
            "confirmationDate:instant description isAutoTopup:truth numberOfPeriods:integer reason "
            "requestedDate:instant voucher adjustType amount:object balanceTopup:object bucket:object channel:object "
            "costOwner logicalResource:list partyAccount:object paymentMethod:object product:list receiver:object "
            "receiverBucket:object receiverBucketUsageType receiverLogicalResource:object receiverProduct:object "
            "recurringPeriod relatedParty:list requestor:object status transferCost:object usageType validFor:object"
        ),
        operations=READING,
        words={
            **{"usageType": _USAGE, "receiverBucketUsageType": _USAGE, "costOwner": _PAYER},
            **{"adjustType": _ADJUSTED, "recurringPeriod": _REPEATED, "status": tuple(_ACTION.transitions)},
        },
        filters=filters(
            "status usageType bucket.id receiverBucket.id partyAccount.id logicalResource.id receiverLogicalResource.id "
            "product.id requestor.id receiver.id relatedParty.id requestedDate:instant confirmationDate:instant"
        ),
        created="requestedDate",
        owners=_OWNERS,
        masks=(*NUMBERS, *RECEIVING_NUMBER, *means_under("paymentMethod")),
    ),
)

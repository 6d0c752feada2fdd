"""What is left of allowances (TMF677), from the prepaid buckets.

The buckets meant are those of the accounts, products, numbers (logicalResource) or parties that the query names. The answer
has one usageConsumption for each account or, where buckets name none, one for all of them; each bucket tells what remains
and what is reserved. Without such buckets the answer is complete and empty.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from app.core.clock import to_wire
from backoffice.rules.parts import child, children, id_at, ids_in
from backoffice.rules.port import Body, Records, Rule

_KEPT: Final = (
    *("id", "href", "name", "description", "isShared", "status", "usageType", "remainingValueName", "logicalResource"),
    *("partyAccount", "product", "relatedParty", "remainingValue", "reservedValue", "validFor"),
)


def _queried(query: Body, records: Records) -> Body:
    buckets = sorted(_meant(query, records), key=_account)
    reports = [_report(account, list(group), records) for account, group in groupby(buckets, _account)]
    return {**query, "usageConsumption": reports}


def _meant(query: Body, records: Records) -> list[Body]:
    criteria = child(query, "searchCriteria")
    named = [
        (f"{name}.id", one) for name in ("partyAccount", "product", "logicalResource") for one in ids_in(criteria, name)
    ]
    named += [("partyAccount.id", one) for one in ids_in(query, "partyAccount")]
    parties = [*ids_in(query, "relatedParty"), *ids_in(criteria, "relatedParty")]
    named += [("relatedParty.id", one) for one in parties]
    named += [("partyAccount.id", account["id"]) for one in parties for account in _accounts_of(one, records)]
    found = [bucket for path, value in dict.fromkeys(named) for bucket in records.find("bucket", {path: value})]
    return list({bucket["id"]: bucket for bucket in found}.values())


def _accounts_of(party: str, records: Records) -> list[Body]:
    wanted = {"relatedParty.id": party}
    return [one for collection in ("billingAccount", "partyAccount") for one in records.find(collection, wanted)]


def _account(bucket: Body) -> str:
    return id_at(bucket, "partyAccount")


def _report(account: str, buckets: list[Body], records: Records) -> Body:
    now = to_wire(records.now)
    owner = {"partyAccount": [child(buckets[0], "partyAccount")]} if account else {}
    parties = {id_at(one): one for bucket in buckets for one in children(bucket, "relatedParty")}
    told = {"bucketRefOrValue": [_bucket(one) for one in buckets], "relatedParty": list(parties.values())}
    return {"id": account or "1", "creationDate": now, "lastUpdate": now, "state": "done", **owner, **told}


def _bucket(bucket: Body) -> Body:
    counters = [
        {"counterType": word, "level": "global", "value": bucket[name]}
        for word, name in (("remaining", "remainingValue"), ("reserved", "reservedValue"))
        if name in bucket
    ]
    return {**{name: bucket[name] for name in _KEPT if name in bucket}, "bucketCounter": counters}


CONSUMPTION: Final = Rule(_queried)

"""The sum of the buckets of one owner (TMF654 accumulatedBalance).

Buckets belong together if they have the same owner, kind of usage and unit. The owner is the account of the bucket or, if
it has none, its first logical resource or product; a bucket that names no owner stands alone and is not summed up. The id of
a sum names its owner, unless that is a logical resource: those are telephone numbers, which not everybody may see.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from backoffice.rules.parts import child, children, id_at, reference, text_at
from backoffice.rules.port import Body, Records
from backoffice.rules.quantities import Quantity

_BALANCE: Final = "accumulatedBalance"
_NUMBER: Final = "logicalResource"


def accumulate(bucket: Body, records: Records) -> None:
    """Write the sum that a bucket belongs to anew."""
    path, owner = _owner_of(bucket)
    if not owner:
        return
    records.alone(f"{_BALANCE}/{owner}")
    same = [one for one in records.find("bucket", {f"{path}.id": owner}) if _owner_of(one) == (path, owner)]
    buckets = [one for one in same if _kind(one) == _kind(bucket)]
    total = accumulated("" if path == _NUMBER else owner, buckets)
    known = (records.get(_BALANCE, total["id"]) if "id" in total else None) or _known(buckets, records)
    if known is None:
        records.add(_BALANCE, total)
    else:
        records.put(_BALANCE, {**known, **total, "id": known["id"]})


def _known(buckets: list[Body], records: Records) -> Body | None:
    """Their sum where its usual id was taken already: by one that is out of view, or was deleted."""
    found = (one for bucket in buckets for one in records.find(_BALANCE, {"bucket.id": bucket["id"]}))
    return next((held for one in found if (held := records.get(_BALANCE, one["id"]))), None)


def accumulated(owner: str, buckets: list[Body]) -> Body:
    """The sum of buckets of one owner (empty: who is not named), kind and unit; there is at least one."""
    usage, units = _kind(buckets[0])
    values = [Quantity.read(one.get("remainingValue")) for one in buckets if one.get("status", "active") == "active"]
    amount = sum((value.amount for value in values if value is not None), Decimal(0))
    kept: Body = {name: buckets[0][name] for name in ("partyAccount", "product", "relatedParty") if name in buckets[0]}
    named = {"id": "/".join(part for part in (owner, usage, units) if part)} if owner else {}
    return {
        **named,
        "name": " ".join(part for part in (usage, units) if part) or owner or "balance",
        "bucket": [reference(one, "Bucket") for one in buckets],
        "totalBalance": Quantity(amount, units).written(),
        **kept,
    }


def _kind(bucket: Body) -> tuple[str, str]:
    return text_at(bucket, "usageType"), text_at(bucket, "remainingValue", "units")


def _owner_of(bucket: Body) -> tuple[str, str]:
    if account := id_at(child(bucket, "partyAccount")):
        return "partyAccount", account
    for name in (_NUMBER, "product"):
        for one in children(bucket, name):
            if found := id_at(one):
                return name, found
    return "", ""

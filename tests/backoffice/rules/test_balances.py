"""What moves prepaid balances, and what is kept of it (TMF654)."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.errors import BadRequestError, ConflictError
from backoffice.generating.content import money
from backoffice.generating.content.parts import Days
from tests.backoffice.office import Body, Office

pytestmark = pytest.mark.one_engine

ACCOUNT = {"id": "A1", "@referredType": "PartyAccount"}
NUMBER = {"id": "13800000000", "@referredType": "LogicalResource"}
NOON = "2026-03-25T04:00:00.000Z"


@pytest.fixture
def buckets(office: Office) -> None:
    """Money and data of one account, money of another."""
    _bucket(office, "money", 10.1, "CNY", "monetary", logicalResource=[NUMBER])
    _bucket(office, "data", 500, "MB", "data")
    _bucket(office, "other", 1, "CNY", "monetary", partyAccount={"id": "A2"})


def _bucket(office: Office, name: str, amount: float, units: str, usage: str, **more: Any) -> None:
    value = {"amount": amount, "units": units}
    office.has(
        "bucket",
        name,
        **{"partyAccount": ACCOUNT, "usageType": usage, "status": "active", "remainingValue": value, **more},
    )


def amount(value: float, units: str = "CNY") -> Body:
    return {"amount": value, "units": units}


def act(office: Office, kind: str, value: float, of: str = "money", **more: Any) -> Body:
    usage = "data" if of == "data" else "monetary"
    base = {"bucket": {"id": of}, "usageType": usage, "partyAccount": ACCOUNT, "amount": amount(value)}
    return office.ask(kind, **{**base, **more})


def transfer(office: Office, value: float, to: str = "other", **more: Any) -> Body:
    named = {
        "logicalResource": [NUMBER],
        "receiverLogicalResource": {"id": "13900000000"},
        "channel": {"id": "hall", "name": "hall"},
    }
    told = {"reason": "gift", "receiverBucket": {"id": to}, "receiverBucketUsageType": "monetary"}
    return act(office, "transferBalance", value, **{**named, **told, **more})


def left(office: Office, bucket: str = "money") -> Any:
    return office.get("bucket", bucket)["remainingValue"]["amount"]


def reserved(office: Office, bucket: str = "money") -> Any:
    return office.get("bucket", bucket)["reservedValue"]["amount"]


def test_a_topup_adds_to_the_cent(office: Office, buckets: None) -> None:
    done = act(office, "topupBalance", 0.2)
    assert (done["status"], done["confirmationDate"], done["requestedDate"]) == ("completed", NOON, NOON)
    assert left(office) == 10.3
    assert done["logicalResource"] == [NUMBER]


def test_the_same_request_again_moves_nothing_again(office: Office, buckets: None) -> None:
    for _ in range(3):
        act(office, "topupBalance", 5, key="K1")
    assert left(office) == 15.1
    assert len(office.every("topupBalance")) == len(office.every("balanceActionHistory")) == 1


def test_a_topup_makes_a_balance_last_longer_never_shorter(office: Office, buckets: None) -> None:
    _bucket(office, "money", 1, "CNY", "monetary", validFor={"endDateTime": "2026-04-01T00:00:00.000Z"})
    for until in ("2026-05-01T00:00:00.000Z", "2026-04-15T00:00:00.000Z"):
        act(office, "topupBalance", 1, validFor={"endDateTime": until})
    assert office.get("bucket", "money")["validFor"]["endDateTime"] == "2026-05-01T00:00:00.000Z"


def test_an_adjustment_goes_both_ways_but_never_below_zero(office: Office, buckets: None) -> None:
    assert act(office, "adjustBalance", -0.1)["status"] == "completed"
    assert act(office, "adjustBalance", 2)["status"] == "completed"
    assert act(office, "adjustBalance", -12.01)["status"] == "failed"
    assert left(office) == 12
    assert act(office, "adjustBalance", -12)["status"] == "completed"
    assert left(office) == 0


def test_what_is_reserved_cannot_be_spent_until_it_is_released(office: Office, buckets: None) -> None:
    held = act(office, "reserveBalance", 10)
    assert (held["status"], left(office), reserved(office)) == ("completed", 0.1, 10)
    assert act(office, "adjustBalance", -1)["status"] == "failed"
    freed = office.change("reserveBalance", held["id"], status="cancelled", reason="changed mind")
    assert (freed["status"], left(office), reserved(office)) == ("cancelled", 10.1, 0)


def test_a_transfer_takes_here_and_adds_there(office: Office, buckets: None) -> None:
    done = transfer(office, 4)
    assert (done["status"], left(office), left(office, "other")) == ("completed", 6.1, 5)
    transfer(office, 1, transferCost={"value": 0.5, "unit": "CNY"})
    assert (left(office), left(office, "other")) == (4.6, 6)
    transfer(office, 1, transferCost={"value": 0.5, "unit": "CNY"}, costOwner="receiver")
    assert (left(office), left(office, "other")) == (3.6, 6.5)
    with pytest.raises(BadRequestError, match="cannot go"):
        office.change("transferBalance", done["id"], status="cancelled")


@pytest.mark.parametrize(
    ("kind", "value", "wrong", "reason"),
    [
        ("topupBalance", 1, {"bucket": {"id": "missing"}}, "no such bucket"),
        ("topupBalance", 0, {}, "above zero"),
        ("topupBalance", -1, {}, "above zero"),
        ("topupBalance", 1, {"amount": {"units": "CNY"}}, "above zero"),
        ("topupBalance", 1, {"amount": amount(1, "USD")}, "another unit"),
        ("topupBalance", 1, {"usageType": "voice"}, "another kind"),
        ("topupBalance", 1, {"voucher": "1234"}, "Vouchers"),
        ("topupBalance", 1, {"isAutoTopup": True}, "repeat"),
        ("topupBalance", 1, {"recurringPeriod": "monthly"}, "repeat"),
        ("adjustBalance", 1, {"adjustType": "recurring"}, "repeat"),
        ("reserveBalance", 11, {}, "Too little"),
    ],
)
def test_what_cannot_be_done_fails_with_the_reason_and_moves_nothing(
    office: Office, buckets: None, kind: str, value: float, wrong: Body, reason: str
) -> None:
    before = office.every("bucket")
    done = act(office, kind, value, **wrong)
    assert done["status"] == "failed"
    assert reason in done["statusReason"]
    assert "confirmationDate" not in done
    assert office.every("bucket") == before
    (kept,) = office.every("balanceActionHistory")
    assert (kept["status"], kept["statusReason"]) == ("failed", done["statusReason"])


def test_a_transfer_that_cannot_be_done_leaves_both_as_they_were(office: Office, buckets: None) -> None:
    before = office.every("bucket")
    told = [
        transfer(office, 11),
        transfer(office, 1, to="missing"),
        transfer(office, 1, to="money"),
        transfer(office, 10, transferCost={"value": 1, "unit": "CNY"}),
        transfer(office, 1, to="data", receiverBucketUsageType="data"),
    ]
    assert [done["status"] for done in told] == ["failed"] * 5
    assert office.every("bucket") == before


def test_a_bucket_that_is_not_active_moves_neither_way(office: Office, buckets: None) -> None:
    for status in ("suspended", "expired"):
        _bucket(office, "money", 10, "CNY", "monetary", status=status)
        assert "not active" in act(office, "topupBalance", 1)["statusReason"]
        assert "not active" in act(office, "adjustBalance", -1)["statusReason"]


def test_a_cancelled_action_is_undone_once_if_enough_is_left(office: Office, buckets: None) -> None:
    done = act(office, "topupBalance", 5)
    spent = act(office, "adjustBalance", -12)
    with pytest.raises(ConflictError, match="Too little"):
        office.change("topupBalance", done["id"], status="cancelled")
    assert office.get("topupBalance", done["id"])["status"] == "completed"
    office.change("adjustBalance", spent["id"], status="cancelled")
    office.change("topupBalance", done["id"], status="cancelled")
    assert left(office) == 10.1
    with pytest.raises(BadRequestError):
        office.change("topupBalance", done["id"], status="completed")
    assert left(office) == 10.1


def test_what_has_moved_a_balance_is_neither_rewritten_nor_deleted(office: Office, buckets: None) -> None:
    done = act(office, "topupBalance", 5)
    for rewritten in ({"amount": amount(50)}, {"bucket": {"id": "other"}}, {"usageType": "data"}):
        with pytest.raises(ConflictError, match="not rewritten"):
            office.change("topupBalance", done["id"], **rewritten)
    with pytest.raises(ConflictError, match="is kept"):
        office.delete("topupBalance", done["id"])
    office.change("topupBalance", done["id"], description="at the counter")
    office.change("topupBalance", done["id"], status="cancelled")
    office.delete("topupBalance", done["id"])
    assert left(office) == 10.1


def test_every_end_is_kept_in_the_history(office: Office, buckets: None) -> None:
    held = act(office, "reserveBalance", 1)
    office.change("reserveBalance", held["id"], status="cancelled")
    act(office, "topupBalance", 1, "data", amount=amount(1, "MB"))
    transfer(office, 1)
    kept = [office.get("balanceActionHistory", one["id"]) for one in office.every("balanceActionHistory")]
    assert [(one["@type"], one["status"], one["receiverLogicalResource"]["id"]) for one in kept] == [
        ("ReserveBalance", "completed", "13800000000"),
        ("ReserveBalance", "cancelled", "13800000000"),
        ("TopupBalance", "completed", "data"),
        ("TransferBalance", "completed", "13900000000"),
    ]
    assert [one["action"]["id"] for one in kept[:2]] == [held["id"]] * 2


def test_what_an_owner_has_in_all_follows_every_movement(office: Office, buckets: None) -> None:
    _bucket(office, "bonus", 3, "CNY", "monetary")
    _bucket(office, "gone", 100, "CNY", "monetary", status="expired")
    act(office, "topupBalance", 5)
    transfer(office, 2)
    sums = {one["id"]: one["totalBalance"] for one in office.every("accumulatedBalance")}
    assert sums == {"A1/monetary/CNY": amount(16.1), "A2/monetary/CNY": amount(3)}
    mine = office.get("accumulatedBalance", "A1/monetary/CNY")
    assert [one["id"] for one in mine["bucket"]] == ["bonus", "gone", "money"]
    assert mine["partyAccount"] == ACCOUNT
    assert mine["href"] == "/tmf-api/prepayBalanceManagement/v4/accumulatedBalance/A1%2Fmonetary%2FCNY"


def test_a_bucket_without_an_account_is_summed_up_by_its_number(office: Office) -> None:
    for name in ("B1", "B2"):
        office.has("bucket", name, usageType="voice", logicalResource=[NUMBER], remainingValue=amount(60, "s"))
    for name in ("B2", "B1"):
        act(office, "topupBalance", 60, name, amount=amount(60, "s"), usageType="voice")
    (total,) = office.every("accumulatedBalance")
    assert (total["totalBalance"], [one["id"] for one in total["bucket"]]) == (amount(240, "s"), ["B1", "B2"])
    assert NUMBER["id"] not in total["id"]  # which everybody sees who may see the sum


@pytest.mark.parametrize("value", [1e308, -1e308, 1e-320, 0.0000001, 1.1e15])
def test_an_amount_that_no_sum_can_hold_moves_nothing(office: Office, buckets: None, value: float) -> None:
    for kind in ("adjustBalance", "topupBalance", "reserveBalance"):
        assert act(office, kind, value)["status"] == "failed"
    assert left(office) == 10.1
    assert transfer(office, 1, transferCost={"value": value, "unit": "CNY"})["status"] == (
        "failed" if value > 0 else "completed"
    )


def test_a_sum_comes_out_exactly_or_not_at_all(office: Office, buckets: None) -> None:
    for value, status in ((1e15, "completed"), (0.000001, "failed"), (-1e15, "completed"), (0.000001, "completed")):
        assert act(office, "adjustBalance", value)["status"] == status
    assert left(office) == 10.100001


def test_a_generated_balance_goes_on_where_it_was(office: Office) -> None:
    office.store.load(list(money.documents(Days(office.clock.now()))))
    before = {one["id"]: one["totalBalance"] for one in office.every("accumulatedBalance")}
    act(office, "topupBalance", 10, "bucket-money")
    after = {one["id"]: one["totalBalance"] for one in office.every("accumulatedBalance")}
    whole = "party-account-1/monetary/CNY"
    assert (before[whole], after) == (amount(48), {**before, whole: amount(58)})

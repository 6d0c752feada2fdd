"""Who sees what in full: identity, contacts, credit and secrets, on every way out of the back office and back into it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from app.core.permissions import OWN_SYSTEM, Permission
from backoffice.documents import Document
from backoffice.errors import BadRequestError
from backoffice.masking import MASKED, SIGN, masked, restored
from backoffice.resources import RESOURCES, Mask
from tests.backoffice.helpers import RunningServer

pytestmark = pytest.mark.one_engine

PEOPLE = "/tmf-api/party/v4/individual"
FLOWS = "/tmf-api/processFlowManagement/v4/processFlow"
PRODUCTS = "/tmf-api/productInventory/v4/product"
PERSON = {
    "givenName": "小明",
    "familyName": "王",
    "birthDate": "1987-06-05T00:00:00.000Z",
    "individualIdentification": [{"identificationType": "idCard", "identificationId": "330106198706051234"}],
    "contactMedium": [
        {"mediumType": "phone", "characteristic": {"phoneNumber": "13800004321", "city": "Hangzhou"}},
        {"mediumType": "email", "characteristic": {"emailAddress": "ming@example.org"}},
    ],
    "creditRating": [{"creditAgencyName": "CCRC", "ratingScore": 712}],
}
CARD = {
    "status": "active",
    "productCharacteristic": [
        {"name": "PUK 1", "value": "83920174"},
        {"name": "ICCID", "value": "89860012345678905678"},
        {"name": "colour", "value": "blue"},
    ],
}
WHOLE = ("330106198706051234", "1987-06-05", "13800004321", "ming@example.org", "712")
JSON_PATCH = {"Content-Type": "application/json-patch+json"}


@pytest.fixture
def office(server: RunningServer) -> RunningServer:
    """A back office with one person and one SIM card."""
    server.store.load([Document("individual", "P1", PERSON), Document("product", "S1", CARD)])
    return server


def seen(client: httpx.Client) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"{PEOPLE}/P1").json()
    return body


def test_a_viewer_sees_the_kind_and_the_end_but_not_the_rest(office: RunningServer) -> None:
    body = seen(office.client("viewer"))
    assert body["givenName"] == "小明"
    assert body["birthDate"] == "1900-01-01T00:00:00.000Z"
    assert body["individualIdentification"] == [
        {"identificationType": "idCard", "identificationId": f"{SIGN}1234"}
    ]  # fmt: skip
    assert [one["characteristic"] for one in body["contactMedium"]] == [
        {"phoneNumber": f"{SIGN}4321", "city": "Hangzhou"},
        {"emailAddress": SIGN},
    ]
    assert body["creditRating"] == [{"creditAgencyName": SIGN, "ratingScore": 0}]
    assert set(body[MASKED]) == {
        "birthDate", "individualIdentification.identificationId", "contactMedium.characteristic", "creditRating"
    }  # fmt: skip


def test_each_role_sees_what_it_needs(office: RunningServer) -> None:
    for role, hidden in (("viewer", WHOLE), ("clerk", ("712",)), ("supervisor", ()), (OWN_SYSTEM, ("712",))):
        text = office.client(role).get(f"{PEOPLE}/P1").text
        assert [one for one in WHOLE if one not in text] == list(hidden), role
        assert (MASKED in text) == bool(hidden)


@pytest.mark.parametrize(
    "path",
    [
        f"{PEOPLE}/P1",
        f"{PEOPLE}/P1?fields=birthDate,contactMedium,individualIdentification,creditRating",
        PEOPLE,
        f"{PEOPLE}?fields=birthDate,contactMedium,individualIdentification,creditRating",
        f"{PEOPLE}?sort=-givenName",
        f"{PEOPLE}?givenName.regex=.*",
        "/desk/v1/snapshot",
    ],
)
def test_no_way_out_shows_more(office: RunningServer, path: str) -> None:
    text = office.client("viewer").get(path).text
    assert "1900-01-01" in text
    assert [one for one in WHOLE if one in text] == []


def test_the_feed_shows_no_more(office: RunningServer) -> None:
    viewer = office.client("viewer")
    start = json.loads(viewer.get("/desk/v1/snapshot").text.splitlines()[0])
    office.client("supervisor").patch(f"{PEOPLE}/P1", json={"gender": "male"})
    text = viewer.get("/desk/v1/feed", params={"after": start["cursor"]}).text
    assert "male" in text
    assert [one for one in WHOLE if one in text] == []


def test_a_secret_goes_to_no_mirror_and_to_supervisors_only(office: RunningServer) -> None:
    supervisor = office.client("supervisor")
    assert "83920174" in supervisor.get(f"{PRODUCTS}/S1").text
    assert "83920174" not in supervisor.get("/desk/v1/snapshot").text
    clerk = office.client("clerk").get(f"{PRODUCTS}/S1").json()
    assert [one["value"] for one in clerk["productCharacteristic"]] == [SIGN, "89860012345678905678", "blue"]
    viewer = office.client("viewer").get(f"{PRODUCTS}/S1").json()
    assert [one["value"] for one in viewer["productCharacteristic"]] == [SIGN, f"{SIGN}5678", "blue"]


def test_what_a_desk_keeps_shows_no_more_than_its_copy_whoever_asks(office: RunningServer) -> None:
    """What it reads to compare an act with, and what answers a registered desk's act, the first time and again."""
    supervisor, at_desk = office.client("supervisor"), office.client("supervisor", "desk-1")
    whole = supervisor.get(f"{PRODUCTS}/S1")
    kept = supervisor.get(f"{PRODUCTS}/S1", headers={"Desk-View": "mirror"})
    rows = map(json.loads, supervisor.get("/desk/v1/snapshot").text.splitlines())
    assert kept.json() == next(row["body"] for row in rows if row.get("id") == "S1")
    assert kept.headers["etag"] == whole.headers["etag"]
    assert "83920174" in at_desk.get(f"{PRODUCTS}/S1").text
    headers = {"Idempotency-Key": "k1", "If-Match": whole.headers["etag"]}
    for _ in range(2):
        told = at_desk.patch(f"{PRODUCTS}/S1", json={"name": "SIM"}, headers=headers)
        assert (told.status_code, "83920174" in told.text, told.json()[MASKED]) == (200, False, kept.json()[MASKED])
    assert "83920174" in supervisor.patch(f"{PRODUCTS}/S1", json={"name": "card"}).text
    assert supervisor.get(f"{PRODUCTS}/S1", headers={"Desk-View": "all"}).status_code == 400


@pytest.mark.parametrize(
    "question",
    [
        "birthDate=1987-06-05T00:00:00.000Z",
        "birthDate.gt=1980-01-01",
        "individualIdentification.identificationId=330106198706051234",
        "individualIdentification.identificationId.regex=^3301",
        "contactMedium.characteristic.phoneNumber=13800004321",
        "contactMedium.characteristic.emailAddress*=ming",
        "sort=birthDate",
        "sort=-contactMedium.characteristic.phoneNumber",
        "creditRating.ratingScore>700",
    ],
)
def test_what_is_masked_cannot_be_asked_about(office: RunningServer, question: str) -> None:
    answer = office.client("viewer").get(f"{PEOPLE}?{question}")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert office.client("supervisor").get(f"{PEOPLE}?{question}").headers["X-Total-Count"] == "1"


def test_what_everybody_sees_of_an_address_can_be_asked_about(office: RunningServer) -> None:
    found = office.client("viewer").get(f"{PEOPLE}?contactMedium.characteristic.city=Hangzhou")
    assert found.headers["X-Total-Count"] == "1"


def test_the_answer_to_a_write_and_its_replay_are_masked_for_who_gets_them(office: RunningServer) -> None:
    flow = {"processFlowSpecification": "swap", "characteristic": [{"name": "PIN", "value": "4821"}]}
    headers = {"Idempotency-Key": "k1"}
    clerk, supervisor = office.client("clerk", "desk-1"), office.client("supervisor", "desk-1")
    program = office.client("supervisor")
    answers = [client.post(FLOWS, json=flow, headers=headers) for client in (supervisor, clerk, program, program)]
    assert [one.headers.get("Idempotency-Replayed") for one in answers] == [None, "true", None, "true"]
    assert [one.json()["characteristic"][0]["value"] for one in answers] == [SIGN, SIGN, "4821", "4821"]
    assert clerk.post(FLOWS, json=flow, headers={"Idempotency-Key": "k2"}).json()["characteristic"][0]["value"] == SIGN


def test_a_masked_value_is_never_written_back(office: RunningServer) -> None:
    copied = seen(office.client("viewer"))
    supervisor = office.client("supervisor")
    for name in ("individualIdentification", "contactMedium", "creditRating"):
        answer = supervisor.patch(f"{PEOPLE}/P1", json={name: copied[name]})
        assert (answer.status_code, name in answer.json()["reason"]) == (400, True)
    new = {name: copied[name] for name in ("givenName", "familyName", "contactMedium")}
    assert supervisor.post(PEOPLE, json=new).status_code == 400
    assert supervisor.patch(f"{PEOPLE}/P1", json={MASKED: copied[MASKED], "gender": "male"}).status_code == 200
    assert {name: seen(supervisor).get(name) for name in (*PERSON, MASKED)} == {**PERSON, MASKED: None}


def test_a_masked_value_is_not_written_into_what_a_record_brings_along(office: RunningServer) -> None:
    pin = {"characteristic": [{"name": "PIN", "value": "4821"}]}
    flow = {"processFlowSpecification": "swap", "taskFlow": [{"taskFlowSpecification": "hand over", **pin}]}
    clerk = office.client("clerk")
    made = clerk.post(FLOWS, json=flow).json()
    task = clerk.get(made["taskFlow"][0]["href"]).json()
    assert task["characteristic"] == [{"name": "PIN", "value": SIGN}]
    assert clerk.post(FLOWS, json={**flow, "taskFlow": [task]}).status_code == 400


def test_who_sees_an_attribute_masked_can_change_others_but_neither_that_nor_guess_it(office: RunningServer) -> None:
    pin = {"characteristic": [{"name": "PIN", "value": "4821"}]}
    office.store.load([Document("processFlow", "F1", {"processFlowSpecification": "swap"})])
    office.store.load([Document("taskFlow", "T1", {"processFlow": {"id": "F1"}, "state": "new", **pin})])
    clerk, path = office.client("clerk"), f"{FLOWS}/F1/taskFlow/T1"
    assert clerk.patch(path, json={"state": "active", **clerk.get(path).json()}).status_code == 200
    assert clerk.patch(path, json={"state": "hold"}).status_code == 200
    for guess in ("4821", "0000"):
        test = [{"op": "test", "path": "/characteristic/0/value", "value": guess}]
        assert clerk.patch(path, json=test, headers=JSON_PATCH).status_code == 409
        change = {"characteristic": [{"name": "PIN", "value": guess}]}
        assert clerk.patch(path, json=change).status_code == 400
    append = [{"op": "add", "path": "/characteristic/-", "value": {"name": "colour", "value": "blue"}}]
    assert clerk.patch(path, json=append, headers=JSON_PATCH).status_code == 400
    assert clerk.patch(path, json={"characteristic": None}).status_code == 400
    kept = office.client("supervisor").get(path).json()
    assert (kept["state"], kept["characteristic"]) == ("hold", pin["characteristic"])


def test_every_mask_names_an_attribute_that_the_resource_has() -> None:
    extra = {"paymentMethod"}  # the kinds of paying bring attributes of their own
    wrong = [
        (name, one.path)
        for name, resource in RESOURCES.items()
        for one in resource.masks
        if one.attribute not in resource.attributes and name not in extra
    ]
    assert wrong == []


def test_members_are_masked_by_their_names_however_these_are_spelled() -> None:
    mask = Mask("characteristic.value", Permission.REVEAL_SECRETS, names=frozenset({"puk"}))
    body = {"characteristic": [{"name": name, "value": "83920174"} for name in ("Puk", "PUK-2", "pukka", "")]}
    values = [one["value"] for one in masked(body, [mask])["characteristic"]]
    assert values == [SIGN, SIGN, "83920174", "83920174"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("83920174", SIGN),
        ("123", SIGN),
        ("", ""),
        ("33010619870605123X", f"{SIGN}123X"),
        ("+86 154-0013-8000", f"{SIGN}8000"),
        ("西湖区文二路88号1幢1204室", SIGN),
        ("Xihu District 88 Room 1204", SIGN),
        (True, False),
        (712.5, 0.0),
        (None, None),
        ("2001-02-03", "1900-01-01T00:00:00.000Z"),
        ({"a": ["x"], "@type": "T"}, {"a": [SIGN], "@type": "T"}),
    ],
)
def test_a_masked_value_keeps_its_kind(value: Any, shown: Any) -> None:
    mask = Mask("creditProfile", Permission.REVEAL_CREDIT)
    assert masked({"creditProfile": value}, [mask])["creditProfile"] == shown


@pytest.mark.parametrize(
    ("plain", "telling"), [(0, 712), (0.0, 712.5), (False, True), ("1900-01-01T00:00:00.000Z", "1987-06-05")]
)
def test_a_value_that_looks_the_same_masked_is_masked_like_any_other(plain: Any, telling: Any) -> None:
    mask = Mask("creditProfile.score", Permission.REVEAL_CREDIT)
    first, second = (masked({"creditProfile": [{"score": value}]}, [mask]) for value in (plain, telling))
    assert first == second
    assert first[MASKED] == ["creditProfile.score"]


def test_what_looks_the_same_masked_cannot_be_changed_either() -> None:
    before = {"creditRating": [{"creditAgencyName": "", "ratingScore": 0}]}
    with pytest.raises(BadRequestError):
        restored(RESOURCES["individual"], before, {"creditRating": []}, frozenset())
    assert restored(RESOURCES["individual"], before, {**before, "gender": "male"}, frozenset())["gender"] == "male"


def test_what_says_nothing_is_not_called_masked() -> None:
    mask = Mask("contactMedium.characteristic", Permission.REVEAL_CONTACTS, kept=frozenset({"city"}))
    body = {"contactMedium": [{"characteristic": {"city": "Hangzhou", "street1": "", "@type": "T", "x": None}}]}
    assert masked(body, [mask]) is body

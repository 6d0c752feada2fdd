"""Lists: filters, pages and chosen attributes."""

from __future__ import annotations

import itertools
from typing import Any

import httpx
import pytest

from backoffice import querying
from backoffice.documents import Document
from backoffice.web.listing import MAX_ROWS
from tests.backoffice.helpers import CUSTOMERS, PROBLEMS, TICKETS, RunningServer, customer, ticket

CATEGORIES = "/tmf-api/productCatalogManagement/v4/category"


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """Somebody who may read and write everything."""
    return server.client("supervisor")


def created(client: httpx.Client, **attributes: Any) -> dict[str, Any]:
    answer = client.post(TICKETS, json=ticket(**attributes))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def ids(answer: httpx.Response) -> list[str]:
    return sorted(body["id"] for body in answer.json())


def test_filters_take_one_of_several_values_and_all_of_several_filters(client: httpx.Client) -> None:
    one = created(client, severity="major", externalId="E1", relatedParty=[{"id": "C1"}, {"id": "C2"}])["id"]
    two = created(client, severity="minor", externalId="E,2", relatedParty=[{"id": "C2"}])["id"]
    assert ids(client.get(TICKETS, params={"relatedParty.id": "C2"})) == sorted([one, two])
    assert ids(client.get(TICKETS, params={"severity": "minor,critical"})) == [two]
    assert ids(client.get(TICKETS, params={"relatedParty.id": "C2", "severity": "major"})) == [one]
    assert ids(client.get(TICKETS, params={"externalId": "E,2"})) == [two]
    assert ids(client.get(TICKETS, params={"externalId": "E3"})) == []


def test_undeclared_attributes_are_filtered_by_too_until_that_takes_too_long(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    green = created(client, colour="green", size={"width": 7})["id"]
    created(client, colour="blue")
    assert ids(client.get(TICKETS, params={"colour": "green"})) == [green]
    assert ids(client.get(TICKETS, params={"size.width.gt": "6.5", "severity": "major"})) == [green]
    assert ids(client.get(TICKETS, params={"unheard.of": "x"})) == []
    monkeypatch.setattr(querying, "SCAN_SECONDS", -1.0)
    answer = client.get(TICKETS, params={"colour": "green"})
    assert answer.status_code == 400
    assert "severity" in answer.json()["reason"]


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"


def _without_end(finder: Any, *_: object) -> Any:
    return finder._reader.connection.exec_driver_sql(ENDLESS).scalar()


def test_a_page_is_answered_without_its_total_where_counting_takes_too_long(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        created(client)
    monkeypatch.setattr(querying, "SCAN_SECONDS", 0.2)
    monkeypatch.setattr(querying._Finder, "_count", _without_end)
    answer = client.get(TICKETS, params={"limit": 2})
    assert (answer.status_code, len(answer.json()), answer.headers["X-Result-Count"]) == (206, 2, "2")
    assert "X-Total-Count" not in answer.headers
    assert [part.partition("rel=")[2] for part in answer.headers["Link"].split(", ")] == ['"first"', '"next"']
    last = client.get(TICKETS, params={"limit": 2, "offset": 2})
    assert (last.headers["X-Total-Count"], len(last.json())) == ("3", 1)  # here the page tells


def test_a_page_that_takes_too_long_is_refused_and_the_next_question_answered(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = created(client)["id"]
    with monkeypatch.context() as slow:
        slow.setattr(querying, "SCAN_SECONDS", 0.2)
        slow.setattr(querying._Finder, "_page_by_id", _without_end)
        answer = client.get(TICKETS)
        assert (answer.status_code, "takes too long" in answer.json()["reason"]) == (400, True)
    assert ids(client.get(TICKETS)) == [made]


MOMENTS = [f"2026-03-0{day}T12:00:00.000Z" for day in range(1, 6)]


@pytest.fixture
def dated(client: httpx.Client) -> list[str]:
    """Tickets of five days, oldest first."""
    return [created(client, creationDate=moment, externalId=f"E{n}")["id"] for n, moment in enumerate(MOMENTS)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"creationDate.gt={MOMENTS[2]}", [3, 4]),
        (f"creationDate.gte={MOMENTS[2]}", [2, 3, 4]),
        (f"creationDate.lt={MOMENTS[2]}", [0, 1]),
        (f"creationDate.lte={MOMENTS[2]}", [0, 1, 2]),
        (f"creationDate.eq={MOMENTS[2]}", [2]),
        ("creationDate=2026-03-03T14:00:00%2B02:00", [2]),
        (f"creationDate%3E{MOMENTS[2]}", [3, 4]),
        (f"creationDate%3E%3D{MOMENTS[2]}", [2, 3, 4]),
        (f"creationDate>={MOMENTS[2]}", [2, 3, 4]),
        (f"creationDate%3C{MOMENTS[2]}", [0, 1]),
        (f"creationDate<={MOMENTS[2]}", [0, 1, 2]),
        (f"creationDate.gt={MOMENTS[0]}&creationDate.lt={MOMENTS[3]}", [1, 2]),
        ("externalId.regex=%5EE[12]$", [1, 2]),
        ("externalId*=E[34]", [3, 4]),
        ("externalId=E1&externalId=E3", [1, 3]),
        ("externalId=E1,E3", [1, 3]),
        ("externalId.gt=E2", [3, 4]),
    ],
)
def test_every_operator_in_every_spelling(
    client: httpx.Client, dated: list[str], query: str, expected: list[int]
) -> None:
    answer = client.get(f"{TICKETS}?{query}")
    assert answer.status_code == 200, answer.text
    assert ids(answer) == sorted(dated[number] for number in expected)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=creationDate", [0, 1, 2, 3, 4]),
        ("sort=-creationDate", [4, 3, 2, 1, 0]),
        ("sort=-creationDate&offset=1&limit=2", [3, 2]),
        ("sort=severity,-externalId", [4, 3, 2, 1, 0]),
        ("sort=-undeclared,externalId&limit=2", [0, 1]),
        ("sort=externalId,-id,name&limit=2", [0, 1]),
    ],
)
@pytest.mark.parametrize("most_in_memory", [5_000, 0], ids=["few", "many"])
def test_sorting(
    client: httpx.Client,
    dated: list[str],
    query: str,
    expected: list[int],
    most_in_memory: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(querying, "_FEW", most_in_memory)
    answer = client.get(f"{TICKETS}?{query}")
    if most_in_memory == 0 and "severity," in query:
        assert answer.status_code == 400
        return
    assert [body["id"] for body in answer.json()] == [dated[number] for number in expected]


def test_what_lacks_the_attribute_comes_last_either_way(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = [created(client, externalId=name)["id"] for name in ("b", "a")]
    without = created(client)["id"]
    for most_in_memory in (5_000, 0):
        monkeypatch.setattr(querying, "_FEW", most_in_memory)
        for sort, expected in (("externalId", with_it[::-1]), ("-externalId", with_it)):
            found = [body["id"] for body in client.get(f"{TICKETS}?sort={sort}").json()]
            assert found == [*expected, without]
            assert [body["id"] for body in client.get(f"{TICKETS}?sort={sort}&offset=2&limit=5").json()] == [without]


def test_the_answer_is_the_same_however_many_meet_each_filter(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [f"2026-03-{day:02}T12:00:00.000Z" for day in range(1, 13)]
    words = ("minor", "major", "critical")
    made = [
        created(client, severity=words[n % 3], externalId=f"E{n % 4}", creationDate=day) for n, day in enumerate(days)
    ]
    cases = {
        f"creationDate.gte={days[2]}&creationDate.lt={days[9]}&severity=major": [4, 7],
        f"creationDate.gt={days[2]}&externalId=E0": [4, 8],
        f"creationDate.lte={days[8]}&severity=minor,major&externalId=E0,E1": [0, 1, 4],
        f"externalId.gt=E1&creationDate.gte={days[6]}": [6, 7, 10, 11],
        "severity=critical&externalId=E2": [2],
        "severity=critical&externalId=none": [],
    }
    for few, (query, expected) in itertools.product((0, 1, 5, 5_000), cases.items()):
        monkeypatch.setattr(querying, "_FEW", few)
        wanted = sorted(made[number]["id"] for number in expected)
        answer = client.get(f"{TICKETS}?{query}")
        assert ([body["id"] for body in answer.json()], answer.headers["X-Total-Count"]) == (wanted, str(len(wanted)))
        page = client.get(f"{TICKETS}?{query}&offset=1&limit=2")
        assert [body["id"] for body in page.json()] == wanted[1:3]
        assert page.headers["X-Total-Count"] == str(len(wanted))


def test_the_id_is_sorted_by_whatever_there_is_and_decides_at_last(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = sorted(created(client, externalId="same")["id"] for _ in range(4))
    for most_in_memory in (5_000, 0):
        monkeypatch.setattr(querying, "_FEW", most_in_memory)
        for sort, expected in (
            ("id", every), ("-id", every[::-1]), ("externalId,-id", every[::-1]), ("-externalId,id", every),
            ("undeclared,-id", every[::-1]),
        ):  # fmt: skip
            pages = [client.get(f"{TICKETS}?sort={sort}&offset={offset}&limit=2") for offset in (0, 2)]
            assert [body["id"] for page in pages for body in page.json()] == expected


def test_what_is_no_instant_and_no_number_is_compared_with_neither(client: httpx.Client) -> None:
    one = created(client, creationDate="2026-03-01T12:00:00Z")["id"]
    for query in (
        "creationDate.gt=garbage",
        "creationDate=x,2026-03-01",
        "statusChangeDate<garbage",
        "creationDate.lt=",
    ):
        answer = client.get(f"{TICKETS}?{query}")
        assert answer.status_code == 400
        assert "an ISO 8601 instant" in answer.json()["reason"]
    assert client.get(f"{PROBLEMS}?priority.gt=high").status_code == 400
    assert ids(client.get(f"{TICKETS}?creationDate=2026-03-01T14:00:00+02:00,2026-03-02")) == [one]
    assert ids(client.get(f"{TICKETS}?creationDate.gt=2026-03-01T14:30:00+02:00")) == []


def test_a_telephone_number_is_found_in_any_spelling_and_follows_no_other(client: httpx.Client) -> None:
    path = "contactMedium.characteristic.phoneNumber"
    for number in ("154 0013 8000", "+86 154-0013-8000"):
        medium = {"mediumType": "phone", "characteristic": {"phoneNumber": number}}
        assert client.post(CUSTOMERS, json=customer(contactMedium=[medium])).status_code == 201
    for wanted in ("15400138000", "+8615400138000", "0086 154 0013 8000", "154-0013-8000"):
        assert len(client.get(CUSTOMERS, params={path: wanted}).json()) == 2, wanted
    assert client.get(CUSTOMERS, params={path: "25400138000"}).json() == []
    assert client.get(CUSTOMERS, params={f"{path}.gt": "1"}).status_code == 400


def test_pages_link_to_each_other(client: httpx.Client) -> None:
    every = sorted(created(client)["id"] for _ in range(5))
    seen: list[str] = []
    address = f"{TICKETS}?severity=major&limit=2"
    while address:
        answer = client.get(address)
        seen += ids(answer)
        address = answer.links.get("next", {}).get("url", "")
        assert {"first", "last"} <= set(answer.links)
    assert seen == every
    assert "Link" not in client.get(TICKETS).headers
    beyond = client.get(f"{TICKETS}?limit=2&offset=90")
    assert ids(client.get(beyond.links["prev"]["url"])) == every[4:]


@pytest.mark.parametrize(
    "query",
    [
        "name.regex=(", "name.regex=(%3FP=x)", "creationDate.gt=a&creationDate.gt=b", "sort=", "a..b=1", "sort=a b", ".=1",
        "&".join(f"x{number}=1" for number in range(30)), "sort=a,b,c,d,e,f", f"name={'x' * 3000}",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words_or_means_nothing(client: httpx.Client, query: str) -> None:
    answer = client.get(f"{TICKETS}?{query}")
    assert answer.status_code == (200 if query == "sort=" else 400)


def test_a_pattern_cannot_run_away(client: httpx.Client) -> None:
    created(client, externalId="a" * 60_000)
    assert ids(client.get(TICKETS, params={"externalId.regex": "^(a+)+$!"})) == []


def test_a_truth_is_asked_for_in_any_case(client: httpx.Client) -> None:
    for is_root in (True, False):
        made = client.post(CATEGORIES, json={"name": "x", "isRoot": is_root}).json()
        assert ids(client.get(CATEGORIES, params={"isRoot": str(is_root)})) == [made["id"]]


def test_pages_are_partial_answers_that_add_up(client: httpx.Client) -> None:
    every = sorted(created(client)["id"] for _ in range(5))
    pages = [client.get(TICKETS, params={"offset": offset, "limit": 2}) for offset in (0, 2, 4)]
    assert [id_ for page in pages for id_ in ids(page)] == every
    assert [page.status_code for page in pages] == [206, 206, 206]
    assert {page.headers["X-Total-Count"] for page in pages} == {"5"}
    assert [page.headers["X-Result-Count"] for page in pages] == ["2", "2", "1"]
    assert client.get(TICKETS).status_code == 200


def test_paging_by_what_is_no_number_is_refused(client: httpx.Client) -> None:
    for query in ("limit=-1", "limit=many", "offset=1.5", "offset=²", f"limit={10**30}"):
        assert client.get(f"{TICKETS}?{query}").status_code == 400


def test_no_list_is_without_an_end(server: RunningServer, client: httpx.Client) -> None:
    server.store.load(Document("customer", str(number), customer()) for number in range(MAX_ROWS + 1))
    answer = client.get(CUSTOMERS, params={"limit": 10**9, "fields": "id"})
    assert (answer.status_code, len(answer.json())) == (206, MAX_ROWS)


def test_fields_answers_what_is_named_and_where_it_is(client: httpx.Client) -> None:
    body = created(client)
    expected = {name: body[name] for name in ("id", "href", "severity", "status")}
    assert client.get(TICKETS, params={"fields": "severity,status,missing"}).json() == [expected]
    assert client.get(body["href"], params={"fields": "severity,status"}).json() == expected
    assert set(client.get(body["href"], params={"fields": "none"}).json()) == {"id", "href"}
    for address in (TICKETS, body["href"]):  # as OpenAPI's clients write a list
        answer = client.get(f"{address}?fields=severity&fields=status&sort=severity&sort=-status").json()
        assert answer == ([expected] if address == TICKETS else expected)
    assert ids(client.get(f"{TICKETS}?severity=critical, major")) == [body["id"]]

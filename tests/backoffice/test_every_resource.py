"""Every resource of the table lives as it is declared, over a real connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from backoffice.bulk import complete
from backoffice.documents import Document
from backoffice.resources import RESOURCES, Holds, Operation, Resource
from backoffice.web.addresses import Address
from tests.backoffice.contract import faults_in, minimal
from tests.backoffice.helpers import RunningServer

pytestmark = pytest.mark.one_engine

ODD_ID = "a/b %2F王?#,;x\\"
PARENT = "up/one"
WRONG: dict[Holds, tuple[Any, ...]] = {
    Holds.TEXT: (5, ["x"]),
    Holds.INSTANT: ("yesterday", 5),
    Holds.NUMBER: ("5", True),
    Holds.INTEGER: ("5", True, 1.5),
    Holds.PHONE: (),
    Holds.TRUTH: ("true", 1),
    Holds.OBJECT: ("x", [{}]),
    Holds.LIST: ({}, ["x"]),
    Holds.ANY: (),
}
# What cannot be done to a record that refers to nothing that is there.
REFUSED_ALONE = {"problemAcknowledgement", "problemUnacknowledgement", "problemGroup", "problemUngroup"}

Check = Callable[[RunningServer, httpx.Client, Resource], None]


@pytest.fixture
def office(server: RunningServer) -> RunningServer:
    """A server with what nested resources lie under, and a bucket that actions move."""
    parents = {resource.parent for resource in RESOURCES.values() if resource.parent}
    purse = {"remainingValue": {"amount": 100, "units": "CNY"}, "reservedValue": {"amount": 100, "units": "CNY"}}
    server.store.load(Document(parent, PARENT, {"name": "parent"}) for parent in parents)
    server.store.load([Document("bucket", "x", purse)])
    return server


@pytest.fixture
def client(office: RunningServer) -> httpx.Client:
    """Somebody who may read and write everything."""
    return office.client("supervisor")


def path_of(resource: Resource) -> str:
    return resource.path.replace(f"{{{resource.parent}Id}}", quote(PARENT, safe=""))


def filled(resource: Resource, **more: Any) -> dict[str, Any]:
    """A body for a record that is loaded."""
    above = {resource.parent: {"id": PARENT}} if resource.parent else {}
    return {**minimal(resource.collection), **above, **more}


def for_every_resource(*operations: Operation) -> Callable[[Check], Callable[..., None]]:
    """Make a test that checks every resource which has these operations, all on one server, and names those that fail."""

    def made(check: Check) -> Callable[..., None]:
        def test(office: RunningServer, client: httpx.Client) -> None:
            failed = []
            for resource in RESOURCES.values():
                if resource.operations.issuperset(operations):
                    try:
                        check(office, client, resource)
                    except AssertionError as error:
                        failed.append(f"{resource.collection}: {error}")
            assert not failed, "\n".join(failed)

        return test

    return made


@for_every_resource(Operation.CREATE)
def test_what_is_created_is_complete_and_can_be_read_where_it_is(
    office: RunningServer, client: httpx.Client, resource: Resource
) -> None:
    body = minimal(resource.collection)
    if resource.collection in REFUSED_ALONE:
        problem = client.post(RESOURCES["serviceProblem"].path, json=minimal("serviceProblem")).json()
        other = client.post(RESOURCES["serviceProblem"].path, json=minimal("serviceProblem")).json()
        body = {
            "problem": [{"id": problem["id"]}],
            "parentProblem": {"id": problem["id"]},
            "childProblem": [{"id": other["id"]}],
        }
    made = client.post(path_of(resource), json={**body, "colour": "green", "id": "mine", "nested": {"a": [1, None]}})
    assert made.status_code == 201, made.text
    new = made.json()
    assert made.headers["Location"] == new["href"] == f"{path_of(resource)}/{new['id']}"
    assert new["id"] != "mine"
    assert new["id"].startswith(resource.id_prefix)
    assert (new["colour"], new["nested"]) == ("green", {"a": [1, None]})
    assert faults_in(resource.collection, new) == []
    assert set(resource.defaults) <= set(new)
    assert {name for name in (resource.created, resource.updated, resource.status_changed) if name} <= set(new)
    if Operation.READ in resource.operations:
        assert client.get(new["href"]).json() == new
        assert new in client.get(path_of(resource), params={"limit": 1000}).json()
    if resource.states:
        assert resource.states.attribute in new


@for_every_resource()
def test_a_record_with_an_odd_id_is_found_where_it_says(
    office: RunningServer, client: httpx.Client, resource: Resource
) -> None:
    office.store.load([Document(resource.collection, ODD_ID, filled(resource))])
    if Operation.READ not in resource.operations:
        return
    found = client.get(f"{path_of(resource)}/{quote(ODD_ID, safe='')}")
    assert (found.status_code, found.json()["id"]) == (200, ODD_ID)
    assert client.get(found.json()["href"]).json() == found.json()
    assert [one["id"] for one in client.get(path_of(resource), params={"id": ODD_ID}).json()] == [ODD_ID]


@for_every_resource()
def test_methods_that_the_swagger_lacks_are_named_with_those_it_has(
    office: RunningServer, client: httpx.Client, resource: Resource
) -> None:
    for address, place in ((Address(resource), path_of(resource)), (Address(resource, "x"), f"{path_of(resource)}/x")):
        for method in {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"} - set(address.methods):
            answer = client.request(method, place)
            assert (answer.status_code, answer.headers["Allow"]) == (405, ", ".join(address.methods)), method


@for_every_resource(Operation.CREATE)
def test_what_is_required_is_missed_in_words(office: RunningServer, client: httpx.Client, resource: Resource) -> None:
    for name in resource.required:
        answer = client.post(path_of(resource), json={**minimal(resource.collection), name: None})
        assert (answer.status_code, answer.json()["reason"]) == (400, f"{name} is required.")


@for_every_resource(Operation.CREATE)
def test_a_blank_stands_for_nothing(office: RunningServer, client: httpx.Client, resource: Resource) -> None:
    texts = {name for name in resource.required if resource.attributes[name] is Holds.TEXT}
    states = {resource.states.attribute} if resource.states and resource.states.is_given else set()
    for name in (texts | states) - resource.unset_at_birth:
        for blank in ("", "   "):
            answer = client.post(path_of(resource), json={**minimal(resource.collection), name: blank})
            assert (answer.status_code, name in answer.json()["reason"]) == (400, True)


@for_every_resource(Operation.CREATE)
def test_what_holds_something_else_than_declared_is_refused_in_words(
    office: RunningServer, client: httpx.Client, resource: Resource
) -> None:
    for name in set(resource.attributes) - resource.unset_at_birth:
        for wrong in WRONG[resource.attributes[name]]:
            answer = client.post(path_of(resource), json={**minimal(resource.collection), name: wrong})
            assert (answer.status_code, name in answer.json()["reason"]) == (400, True), (name, wrong)


@for_every_resource(Operation.CREATE)
def test_words_of_closed_lists_are_understood_and_others_refused(
    office: RunningServer, client: httpx.Client, resource: Resource
) -> None:
    for name in set(resource.vocabulary) - resource.unset_at_birth:
        word = resource.vocabulary[name][0]
        loud = {**minimal(resource.collection), name: f" {word.upper()} ".replace("E", "_E")}
        assert client.post(path_of(resource), json=loud).json()[name] == word
        odd = client.post(path_of(resource), json={**minimal(resource.collection), name: "odd"})
        assert (odd.status_code, word in odd.json()["reason"]) == (400, True)


@for_every_resource(Operation.CHANGE)
def test_a_change_keeps_what_it_does_not_name_and_what_is_not_the_clients(
    office: RunningServer, client: httpx.Client, resource: Resource
) -> None:
    before = filled(resource, colour="green", size=1)
    office.store.load([Document(resource.collection, "changed", before)])
    forbidden = dict.fromkeys(resource.fixed_at_birth - set(resource.required), "2001-01-01T00:00:00Z")
    changed = client.patch(f"{path_of(resource)}/changed", json={**forbidden, "size": None, "weight": 2})
    assert changed.status_code == 200, changed.text
    after = changed.json()
    assert {**before, **after} == after | {"size": 1}
    assert "size" not in after
    assert (after["colour"], after["weight"], after["id"]) == ("green", 2, "changed")
    assert [name for name in forbidden if after.get(name) == "2001-01-01T00:00:00Z"] == []


@for_every_resource(Operation.CHANGE)
def test_an_imported_record_with_dirt_in_it_can_still_be_changed(
    office: RunningServer, client: httpx.Client, resource: Resource
) -> None:
    dirt = {
        name: wrong[0] for name, holds in resource.attributes.items() if (wrong := WRONG[holds]) and name != "validFor"
    }
    above = {resource.parent: {"id": PARENT}} if resource.parent else {}
    office.store.load([Document(resource.collection, "dirty", {**dirt, **above})])
    assert client.patch(f"{path_of(resource)}/dirty", json={"colour": "green"}).status_code == 200


@for_every_resource(Operation.CHANGE)
def test_states_are_reached_only_from_where_the_table_says(
    office: RunningServer, client: httpx.Client, resource: Resource
) -> None:
    states = resource.states
    if states is None:
        return
    office.store.load([Document(resource.collection, "moving", filled(resource))])
    for before, allowed in states.transitions.items():
        for after in states.transitions:
            with office.store.writing() as transaction:  # a load leaves alone what a client changed
                body = complete(Document(resource.collection, "moving", filled(resource, **{states.attribute: before})))
                transaction.put(resource.collection, "moving", body)
            answer = client.patch(f"{path_of(resource)}/moving", json={states.attribute: after})
            expected = 200 if after in allowed or after == before else 400
            assert answer.status_code == expected, (before, after, answer.text)
            if after in allowed and after in states.reached:
                assert states.reached[after] in answer.json()
    lost = client.patch(f"{path_of(resource)}/moving", json={states.attribute: "lost"})
    assert lost.status_code == (200 if states.is_open else 400)
    assert client.patch(f"{path_of(resource)}/moving", json={states.attribute: ["x"]}).status_code == 400


@for_every_resource(Operation.DELETE)
def test_what_is_deleted_is_gone(office: RunningServer, client: httpx.Client, resource: Resource) -> None:
    office.store.load([Document(resource.collection, "doomed", filled(resource))])
    where = f"{path_of(resource)}/doomed"
    assert client.delete(where).status_code == 204
    assert {client.get(where).status_code, client.delete(where).status_code} == {404}


def test_a_nested_resource_is_only_under_its_own_parent(office: RunningServer, client: httpx.Client) -> None:
    office.store.load([Document("topic", "other", {"name": "other"})])
    topics = RESOURCES["topic"].path
    made = client.post(f"{topics}/other/event", json={"eventType": "x"}).json()
    assert made["topic"] == {"id": "other", "href": f"{topics}/other"}
    assert client.get(f"{topics}/other/event/{made['id']}").json() == made
    assert client.get(f"{topics}/{quote(PARENT, safe='')}/event/{made['id']}").status_code == 404
    assert [one["id"] for one in client.get(f"{topics}/other/event").json()] == [made["id"]]
    assert client.get(f"{topics}/other/event", params={"eventType": "y"}).json() == []
    assert client.post(f"{topics}/missing/event", json={"eventType": "x"}).status_code == 404
    hub = client.post(f"{topics}/other/hub", json={"callback": "https://example.org/told"}).json()
    assert client.delete(f"{topics}/{quote(PARENT, safe='')}/hub/{hub['id']}").status_code == 404
    assert client.delete(f"{topics}/other/hub/{hub['id']}").status_code == 204


def test_what_lies_under_something_that_is_gone_is_gone(office: RunningServer, client: httpx.Client) -> None:
    topic = client.post(RESOURCES["topic"].path, json={"name": "short"}).json()
    hub = client.post(f"{topic['href']}/hub", json={"callback": "https://example.org/told"}).json()
    assert client.delete(topic["href"]).status_code == 204
    for method, path in (("GET", f"{topic['href']}/hub"), ("GET", hub["href"]), ("DELETE", hub["href"])):
        assert client.request(method, path).status_code == 404, (method, path)


def test_what_lies_under_something_that_holds_nothing_is_not_there(client: httpx.Client) -> None:
    for path in (
        f"{RESOURCES['topic'].path}/x/unicorn",
        f"{RESOURCES['customer'].path}/x/event",
        "/tmf-api/event/v4/event",
    ):
        assert client.get(path).status_code == 404

"""The table of resources says what the TM Forum swaggers say."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from backoffice.resources import RESOURCES, Filter, Holds, Operation, Resource
from backoffice.rules import RULES
from tests.architecture.files import ROOT
from tests.backoffice.contract import answer_of, contracts, faults_in, minimal, needs_swaggers
from upkeep.swaggers import Schema, Swagger

OPERATIONS = {
    Operation.LIST: ("get", ""),
    Operation.CREATE: ("post", ""),
    Operation.READ: ("get", "/{id}"),
    Operation.CHANGE: ("patch", "/{id}"),
    Operation.DELETE: ("delete", "/{id}"),
}
DOINGS = {"actor", "department", "outcome", "startDate", "endDate"}
# Attributes of our own: what is set aside of a stock, who has a resource on lease, whose a cancelled order is, who did
# something and how it ended.
OUR_OWN = {"reservation", "lease", "relatedParty", "billingAccount", *DOINGS}

every_resource = pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES.keys())


def kind_of(swagger: Swagger, schema: Schema) -> Holds:
    schema = swagger.resolved(schema)
    match schema.get("type", "object" if "properties" in schema else ""):
        case "array":
            return Holds.LIST if kind_of(swagger, schema["items"]) is Holds.OBJECT else Holds.ANY
        case "integer":
            return Holds.INTEGER
        case "number":
            return Holds.NUMBER
        case "boolean":
            return Holds.TRUTH
        case "string":
            return Holds.INSTANT if schema.get("format") in ("date-time", "date") else Holds.TEXT
        case "object":
            return Holds.OBJECT
        case _:
            return Holds.ANY


def filtered(swagger: Swagger, schema: Schema, one: Filter) -> Holds | None:
    """What a filter leads to; None if to nothing that the swagger knows."""
    for step in one.steps:
        schema = swagger.resolved(schema)
        schema = swagger.resolved(schema["items"]) if schema.get("type") == "array" else schema
        if step not in schema.get("properties", {}):
            return None
        schema = schema["properties"][step]
    found = kind_of(swagger, schema)
    return Holds.NUMBER if found is Holds.INTEGER else found


@needs_swaggers
def test_every_collection_of_the_swaggers_is_declared_and_no_other() -> None:
    assert set(contracts()) == set(RESOURCES)


@needs_swaggers
@every_resource
def test_a_resource_is_served_where_and_as_the_swagger_says(resource: Resource) -> None:
    swagger, path = contracts()[resource.collection]
    assert resource.api == swagger.api
    assert resource.path == f"/tmf-api/{swagger.api}{path}"
    paths = swagger.document["paths"]
    declared = {one for one, (method, end) in OPERATIONS.items() if method in paths.get(path + end, {})}
    assert resource.operations == declared
    assert set(resource.events) == swagger.events(resource.collection)


@needs_swaggers
@every_resource
def test_attributes_hold_what_the_swagger_says(resource: Resource) -> None:
    swagger, schema = answer_of(resource.collection)
    told = {name: kind_of(swagger, one) for name, one in schema["properties"].items() if not name.startswith("@")}
    assert {name: holds for name, holds in resource.attributes.items() if not name.startswith("@")} == {
        name: holds for name, holds in told.items() if name not in ("id", "href")
    }


@needs_swaggers
@every_resource
def test_what_is_required_is_what_the_swagger_requires(resource: Resource) -> None:
    swagger, path = contracts()[resource.collection]
    sent = swagger.request(path, "post")
    told = set(swagger.resolved(sent).get("required", ())) if sent else set()
    assert set(resource.required) == told - {"id", "href"}  # TMF639 asks a client for the id that the server gives


@needs_swaggers
@every_resource
def test_what_a_client_cannot_set_is_left_out_of_the_swaggers_bodies(resource: Resource) -> None:
    """What the swagger lets nobody send must be the server's; what it lets everybody send must not silently be dropped."""
    swagger, path = contracts()[resource.collection]
    names = set(resource.attributes)
    for where, method, dropped in (
        (path, "post", resource.unset_at_birth),
        (f"{path}/{{id}}", "patch", resource.fixed_at_birth),
    ):
        if sent := swagger.request(where, method):
            unsendable = names - set(swagger.resolved(sent)["properties"])
            assert unsendable - dropped <= LENIENT.get(resource.collection, set()), method


# What a client may send although the swagger has no place for it: when a thing happened that a desk sends later, and whose
# balance it is, which the server fills in where it is missing.
_WHOSE = {"relatedParty", "partyAccount", "requestedDate", "status"}
LENIENT: dict[str, set[str]] = {
    **dict.fromkeys(("topupBalance", "adjustBalance", "reserveBalance", "transferBalance"), _WHOSE),
    "productOrder": {"orderDate"},
    "payment": {"paymentDate", "statusDate"},
    "refund": {"statusDate"},
    "appointment": {"creationDate"},
    "searchTimeSlot": {"searchDate"},
    "permission": {"creationDate"},
    "processFlow": {"processFlowDate", "taskFlow"},
    "checkServiceQualification": {"checkServiceQualificationDate"},
    "queryServiceQualification": {"queryServiceQualificationDate"},
    "productOfferingQualification": {"productOfferingQualificationDate"},
    "geographicAddressValidation": {"validationDate"},
}


@needs_swaggers
@every_resource
def test_words_and_states_are_those_of_the_swagger(resource: Resource) -> None:
    swagger, schema = answer_of(resource.collection)
    lists = {name: swagger.resolved(one).get("enum") for name, one in schema["properties"].items()}
    closed = {name: {word.strip() for word in words} for name, words in lists.items() if words}
    assert {name: set(resource.vocabulary.get(name, ())) for name in closed} == closed
    assert set(resource.words) <= set(closed)


@every_resource
def test_states_lead_to_states_and_begin_at_one(resource: Resource) -> None:
    if resource.states is None:
        return
    known = set(resource.states.transitions)
    assert resource.states.is_open or resource.states.initial in known
    assert {after for targets in resource.states.transitions.values() for after in targets} <= known
    assert set(resource.states.reached) <= known


@needs_swaggers
@every_resource
def test_filters_lead_to_attributes_and_compare_as_these_do(resource: Resource) -> None:
    swagger, schema = answer_of(resource.collection)
    own = f"{resource.parent}.id"
    ours = {own, *(DOINGS - resource.attributes.keys())}
    wrong = [(one.path, filtered(swagger, schema, one)) for one in resource.filters if one.path not in ours]
    assert [(path, found) for path, found in wrong if found is not _declared(resource, path)] == []


def _declared(resource: Resource, path: str) -> Holds:
    """What the swagger calls it: a telephone number is text there."""
    holds = next(one.holds for one in resource.filters if one.path == path)
    return Holds.TEXT if holds is Holds.PHONE else holds


@every_resource
def test_every_name_in_the_table_is_an_attribute(resource: Resource) -> None:
    known = {*resource.attributes, *OUR_OWN}
    assert [name for name in _named(resource) if name not in known] == []


def _named(resource: Resource) -> Iterator[str]:
    yield from (*resource.required, *resource.once, *resource.later, *resource.never, *resource.defaults)
    yield from (name for name in (resource.created, resource.updated, resource.status_changed) if name)
    yield from resource.open_lists
    if resource.states:
        yield from (resource.states.attribute, *resource.states.reached.values())
        yield from filter(None, [resource.states.history])


@every_resource
def test_whose_it_is_is_named_in_a_way_that_is_followed(resource: Resource) -> None:
    for owner in resource.owners:
        assert owner.through in ("customer", "billingAccount", "customer.engagedParty.id")
        assert owner.path.partition(".")[0] in {"id", *resource.attributes, *OUR_OWN}


@needs_swaggers
@every_resource
def test_defaults_and_the_least_body_conform(resource: Resource) -> None:
    if Operation.CREATE not in resource.operations:
        return
    swagger, path = contracts()[resource.collection]
    sent = swagger.request(path, "post")
    assert sent is not None
    named = {"id": "x", "href": "x"} if resource.collection == "resource" else {}  # TMF639 asks a client for them
    assert list(swagger.faults(sent, {**named, **resource.defaults, **minimal(resource.collection)})) == []
    assert [fault for fault in faults_in(resource.collection, dict(resource.defaults)) if "missing" not in fault] == []


def test_rules_are_named_where_they_are_and_are_where_they_are_named() -> None:
    assert sorted(resource.rule for resource in RESOURCES.values() if resource.rule) == sorted(RULES)


def test_a_nested_resource_is_found_by_its_parent() -> None:
    nested = [resource for resource in RESOURCES.values() if resource.parent]
    assert {resource.collection for resource in nested} == {"geographicSubAddress", "taskFlow", "event", "hub"}
    for resource in nested:
        assert resource.parent in RESOURCES
        assert f"{resource.parent}.id" in {one.path for one in resource.filters}


@needs_swaggers
def test_the_coverage_page_is_up_to_date() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "upkeep.api_coverage", "--check"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "script")])},
        check=False,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr

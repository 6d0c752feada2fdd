"""Has Schemathesis make up requests for every operation of a swagger, sends them, and checks what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

import httpx
import schemathesis
from httpx import codes
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.backoffice.conformance.examined import ExaminedOffice
from tests.backoffice.conformance.outcomes import Outcome
from tests.backoffice.conformance.records import PARENT, Records
from tests.backoffice.conformance.referring import refer
from upkeep.swaggers import Swagger

AnyOperation = APIOperation[Any, Any, Any, Any]
AnyCase = Case[Any]

# The last one because nothing else looks at an answer whose status the swagger does not know.
CHECKS: Final[list[CheckFunction]] = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
_ORDER: Final = ("POST", "GET", "PATCH", "DELETE")  # what is made is then read, changed and deleted
_UNKNOWN_EVERY: Final = 3  # requests for one record by its id
_REFERRING_EVERY: Final = 2  # requests
_CONFIG: Final = SchemathesisConfig.from_dict(
    {"generation": {"allow-x00": False}}
)  # no swagger says that it is refused
_ORIGIN: Final = "http://localhost"


@dataclass(frozen=True, slots=True)
class Examiner:
    """Asks so many examples of each operation, every office the same ones, and the same ones again for the same seed."""

    offices: tuple[ExaminedOffice, ...]
    examples: int
    seed: int = 1

    def examine(self, swagger: Swagger, operation: str = "") -> Iterator[Outcome]:
        """What became of each operation, or of that one only."""
        for one in sorted(_operations(swagger), key=lambda one: _ORDER.index(one.method.upper())):
            name = f"{swagger.name.partition('-')[0]} {one.label}"
            if operation in ("", name):
                yield from self._examined(one, name, _ORIGIN + swagger.document["basePath"])

    def _examined(self, operation: AnyOperation, name: str, base_url: str) -> list[Outcome]:
        outcomes = [Outcome(name, office.name) for office in self.offices]

        def ask(case: AnyCase) -> None:
            made = case.path_parameters, case.body
            for office, outcome in zip(self.offices, outcomes, strict=True):
                case.path_parameters, case.body = deepcopy(made)
                _ask(case, base_url, office, outcome)

        _with_examples(operation, self.examples, self.seed, ask)
        return outcomes


def _ask(case: AnyCase, base_url: str, office: ExaminedOffice, outcome: Outcome) -> None:
    asked = outcome.statuses.total() + 1
    if "id" not in case.path_parameters or asked % _UNKNOWN_EVERY:  # now and then the id stays made up
        _address(case, office.records)
    if asked % _REFERRING_EVERY == 0:
        refer(case.body, office.records)
    answer = office.answer(**_request(case, base_url))
    outcome.note(answer)
    _remember(case, answer, office.records)
    _check(case, answer, outcome)


def _address(case: AnyCase, records: Records) -> None:
    """Ask for what there is."""
    take = records.spent if case.method.upper() == "DELETE" else records.some
    collection = _collection(case.path)
    for name in case.path_parameters:
        case.path_parameters[name] = take(collection) if name == "id" else PARENT


def _remember(case: AnyCase, answer: httpx.Response, records: Records) -> None:
    if answer.status_code == codes.CREATED:
        with suppress(KeyError, TypeError, ValueError):  # a fault, which the checks tell
            records.made(_collection(case.path), answer.json()["id"])


def _operations(swagger: Swagger) -> Iterator[AnyOperation]:
    for found in schemathesis.openapi.from_dict(swagger.document, config=_CONFIG).get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        yield found.ok()


def _collection(path: str) -> str:
    return [step for step in path.split("/") if step and not step.startswith("{")][-1]


def _with_examples(operation: AnyOperation, count: int, first: int, ask: Callable[[AnyCase], None]) -> None:
    @seed(first)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def asked(case: AnyCase) -> None:
        ask(case)

    asked()


def _request(case: AnyCase, base_url: str) -> dict[str, Any]:
    made = case.as_transport_kwargs(base_url)
    return {name: value for name, value in made.items() if value is not None and name != "cookies"}


def _check(case: AnyCase, answer: httpx.Response, outcome: Outcome) -> None:
    # What is not there has no type; the files have one for everything.
    left_out: list[CheckFunction] = [content_type_conformance] if answer.status_code == codes.NO_CONTENT else []
    try:
        case.validate_response(answer, checks=CHECKS, excluded_checks=left_out)
    except FailureGroup as group:
        for failure in group.exceptions:
            outcome.blame(failure)

"""The TM Forum swaggers that lie beside the checkout: their operations, and what their definitions ask of a body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT.parent / "shared" / "tmf"

_NOT_SERVED_VERSION: Final = "TMF620-ProductCatalog-v4.0.0.json"
_BASES: Final = {"/payment/v4/": "payment/v4", "/customer/v4/": "recommendation/v4"}  # the files are wrong there
_METHODS: Final = ("get", "post", "patch", "put", "delete")
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}

Schema = dict[str, Any]


@dataclass(frozen=True)
class Swagger:
    """One file."""

    name: str
    document: Schema

    @cached_property
    def api(self) -> str:
        """Where the back office serves it, below /tmf-api."""
        base = str(self.document["basePath"])
        return _BASES.get(base) or base.strip("/").removeprefix("tmf-api/")

    def operations(self) -> Iterator[tuple[str, str]]:
        """Method and path of every operation of a server; those under /listener are a client's."""
        for path, methods in self.document["paths"].items():
            if not path.startswith("/listener"):
                yield from ((method.upper(), path) for method in _METHODS if method in methods)

    def events(self, collection: str) -> set[str]:
        """The endings of the event types of a collection."""
        told = [path.rpartition("/")[2] for path in self.document["paths"] if path.startswith("/listener")]
        own = [name.removeprefix(collection) for name in told if name.startswith(collection)]
        return {
            ending
            for ending in own
            if ending[:1].isupper() and not self._is_of_another(collection + ending, collection)
        }

    def _is_of_another(self, event: str, collection: str) -> bool:
        steps = {step for _, path in self.operations() for step in path.split("/") if step and not step.startswith("{")}
        return any(len(other) > len(collection) and event.startswith(other) for other in steps)

    def answer(self, path: str) -> Schema:
        """The schema of one resource as `path`, or the collection it is in, answers it."""
        methods = self.document["paths"]
        for one, method in ((f"{path}/{{id}}", "get"), (path, "post")):
            if method in methods.get(one, {}):
                responses = methods[one][method]["responses"]
                return dict(next(told["schema"] for code, told in responses.items() if code.startswith("2")))
        raise KeyError(path)

    def request(self, path: str, method: str) -> Schema | None:
        """The schema of the body that is sent; None where there is none."""
        operation = self.document["paths"].get(path, {}).get(method, {})
        return next((dict(one["schema"]) for one in operation.get("parameters", []) if one.get("in") == "body"), None)

    def resolved(self, schema: Schema) -> Schema:
        """The schema with its reference followed."""
        while "$ref" in schema:
            schema = self.document["definitions"][schema["$ref"].rpartition("/")[2]]
        return schema

    def faults(self, schema: Schema, value: Any, where: str = "") -> Iterator[str]:
        """What is wrong with a value."""
        schema = self.resolved(schema)
        expected = schema.get("type", "object" if "properties" in schema else "")
        if expected and (
            not isinstance(value, _TYPES[expected]) or (isinstance(value, bool) and expected != "boolean")
        ):
            yield f"{where or 'it'} is no {expected}"
        elif "enum" in schema and value not in schema["enum"]:
            yield f"{where} is none of {schema['enum']}"
        elif isinstance(value, dict):
            yield from self._faults_in(schema, value, where)
        elif isinstance(value, list):
            for one in value:
                yield from self.faults(schema.get("items", {}), one, f"{where}[]")

    def _faults_in(self, schema: Schema, value: Schema, where: str) -> Iterator[str]:
        yield from (f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from self.faults(inner, value[name], f"{where}.{name}")


def swaggers(folder: Path = FOLDER) -> list[Swagger]:
    """Every file that is served, by name; none where they do not lie beside the checkout."""
    names = sorted(path for path in folder.glob("TMF*.json") if path.name != _NOT_SERVED_VERSION)
    return [Swagger(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in names]

"""Applies RFC 7396 merge patches and RFC 6902 JSON patches to a document."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from backoffice.documents import Body, to_json
from backoffice.errors import BadRequestError, ConflictError, TooLargeError

_MAX_OPERATIONS = 100
_MAX_COPIED = 1_000_000  # characters; a hundred copies, each of the whole, would fill any memory


def merge_patched(target: Any, patch: Any) -> Any:
    """Return `target` with `patch` merged in: null removes, objects merge, everything else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patched(merged.get(name), value)
    return merged


def only_appends(operations: Any, lists: tuple[str, ...]) -> bool:
    """Whether a JSON patch does nothing but append to these lists of a document."""
    allowed = {f"/{name}/-" for name in lists}
    return (
        isinstance(operations, list)
        and bool(operations)
        and all(isinstance(one, dict) and one.get("op") == "add" and one.get("path") in allowed for one in operations)
    )


def json_patched(target: Body, operations: Any, lists: tuple[str, ...]) -> Body:
    """Return `target` after all operations, or raise and change nothing.

    Appending to one of `lists` that the document does not have yet starts it. Where all is appended a party is related
    once in each role: two desks that count in the same customer at the same moment must not count them twice.
    """
    if not isinstance(operations, list) or len(operations) > _MAX_OPERATIONS:
        raise BadRequestError(f"A JSON patch is a list of at most {_MAX_OPERATIONS} operations.")
    is_appending = only_appends(operations, lists)
    whole: Body = {"": deepcopy(target)}  # so that the whole document is a member too, which an empty path names
    copied = 0
    for operation in operations:
        if not isinstance(operation, dict):
            raise BadRequestError("Every operation of a JSON patch is an object.")
        steps = _steps(operation.get("path"))
        is_appended = operation.get("op") == "add" and steps[2:] == ["-"] and steps[1] in lists
        if is_appended and isinstance(whole.get(""), dict):
            held = whole[""].setdefault(steps[1], [])
            if is_appending and steps[1] == "relatedParty" and _is_related(held, operation.get("value")):
                continue
        if operation.get("op") in ("move", "copy"):
            copied += _carry(whole, operation, steps)
        else:
            _apply(whole, operation, steps)
        if copied > _MAX_COPIED:
            raise TooLargeError("The JSON patch copies more than a resource may hold.")
    if not isinstance(whole.get(""), dict):
        raise BadRequestError("The JSON patch leaves no object.")
    result: Body = whole[""]
    return result


def _is_related(parties: Any, party: Any) -> bool:
    if not isinstance(parties, list) or not isinstance(party, dict):
        return False
    who = (party.get("id"), party.get("role"))
    is_named = all(isinstance(part, str) for part in who)
    related = (one for one in parties if isinstance(one, dict) and (one.get("id"), one.get("role")) == who)
    return is_named and not all(_has_ended(one) for one in related)


def _has_ended(party: Body) -> bool:
    period = party.get("validFor")
    return isinstance(period, dict) and period.get("endDateTime") is not None


def _steps(path: Any) -> list[str]:
    """The members on the way from `whole`, whose only one is the document."""
    if not isinstance(path, str) or (path and not path.startswith("/")):
        raise BadRequestError("A JSON patch path is empty, or begins with a slash and names a member.")
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")]


def _carry(whole: Body, operation: dict[str, Any], steps: list[str]) -> int:
    """Move or copy what stands at `from`; how many characters were copied."""
    source = _steps(operation.get("from"))
    value = _at(whole, source)
    if operation["op"] == "move":
        if steps[: len(source)] == source and steps != source:
            raise BadRequestError("A JSON patch moves nothing into itself.")
        _remove(_at(whole, source[:-1]), source[-1])
        _add(_at(whole, steps[:-1]), steps[-1], value)
        return 0
    _add(_at(whole, steps[:-1]), steps[-1], deepcopy(value))
    return len(to_json(value))


def _at(target: Any, steps: list[str]) -> Any:
    for step in steps:
        target = _member(target, step)
    return target


def _apply(target: Any, operation: dict[str, Any], steps: list[str]) -> None:
    target = _at(target, steps[:-1])
    name = operation.get("op")
    if name == "remove":
        _remove(target, steps[-1])
        return
    if name not in ("add", "replace", "test"):
        raise BadRequestError("A JSON patch adds, removes, replaces, moves, copies and tests.")
    if "value" not in operation:
        raise BadRequestError("This JSON patch operation needs a value.")
    if name == "add":
        _add(target, steps[-1], operation["value"])
    elif name == "replace":
        _replace(target, steps[-1], operation["value"])
    elif not _same(_member(target, steps[-1]), operation["value"]):
        raise ConflictError("A test of the JSON patch failed: the value there is another.")


def _same(one: Any, other: Any) -> bool:
    # Python takes True for 1, JSON does not
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _member(target: Any, step: str) -> Any:
    if isinstance(target, dict) and step in target:
        return target[step]
    if isinstance(target, list):
        return target[_index(step, len(target) - 1)]
    raise BadRequestError("The JSON patch names a member that is not there.")


def _add(target: Any, step: str, value: Any) -> None:
    if isinstance(target, dict):
        target[step] = value
    elif isinstance(target, list):
        target.insert(len(target) if step == "-" else _index(step, len(target)), value)
    else:
        raise BadRequestError("The JSON patch adds to something that has no members.")


def _replace(target: Any, step: str, value: Any) -> None:
    _member(target, step)
    target[step if isinstance(target, dict) else int(step)] = value


def _remove(target: Any, step: str) -> None:
    _member(target, step)
    del target[step if isinstance(target, dict) else int(step)]


def _index(step: str, last: int) -> int:
    if not step.isascii() or not step.isdigit() or (len(step) > 1 and step[0] == "0") or int(step) > last:
        raise BadRequestError("The JSON patch names a place in a list that is not there.")
    return int(step)

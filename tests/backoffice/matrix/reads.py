"""Every way to read: by path, in lists with filters, sorting and chosen attributes, by snapshot, feed and stream."""

from __future__ import annotations

import json
from urllib.parse import quote

from backoffice.resources import Operation, Resource
from tests.backoffice.matrix.answers import Asker
from tests.backoffice.matrix.nested import MISSING, ask_elsewhere
from tests.backoffice.matrix.people import REVEALED
from tests.backoffice.matrix.world import OWNERS, Record, Table, id_in

_FORBIDDEN, _NOT_FOUND = 403, 404


def ask_to_read(asker: Asker, table: Table) -> None:
    """All questions."""
    for resource in (one for one in table.values() if Operation.READ in one.operations):
        visible, hidden = asker.of(resource)
        for path in sorted({one.path.rpartition("/")[0] for one in (*visible, *hidden)}):
            _list(asker, path, [one for one in visible if one.path.startswith(f"{path}/")], resource)
        for one in visible:
            _show(asker, one)
        for one in hidden:
            for method in ("GET", "HEAD"):
                asker.like_absent(method, one, MISSING, headers={"If-None-Match": "*"})
        for one in (*visible, *hidden) if resource.parent else ():
            ask_elsewhere(asker, table, one, "GET")
    _mirror(asker)


def _list(asker: Asker, path: str, visible: list[Record], resource: Resource) -> None:
    if asker.who.role not in REVEALED or _lies_below_what_is_hidden(asker, path, visible, resource):
        wanted = _NOT_FOUND if asker.who.role in REVEALED else _FORBIDDEN
        asker.expect(asker.ask("GET", path).status, wanted, path)
        return
    ids = ",".join(quote(id_in(resource.collection, owner)) for owner in OWNERS)
    for query in ("", "fields=canary&sort=-canary,id&canary.regex=CANARY", f"id={ids}"):
        answer = asker.ask("GET", f"{path}?{query}")
        found = sorted(one["id"] for one in answer.json()) if answer.status < _FORBIDDEN else answer.status
        asker.expect(found, sorted(one.id for one in visible), f"{path}?{query} lists")
        asker.expect(answer.headers.get("x-total-count"), str(len(visible)), f"{path}?{query} counts")
    _ask_about_masks(asker, path, resource)


def _lies_below_what_is_hidden(asker: Asker, path: str, visible: list[Record], resource: Resource) -> bool:
    above = [one.path for one in asker.hidden if one.resource.collection == resource.parent]
    return not visible and any(path.startswith(f"{one}/") for one in above)


def _ask_about_masks(asker: Asker, path: str, resource: Resource) -> None:
    for mask in resource.masks:
        if not asker.who.sees(mask.needs):
            for query in (f"{mask.path}.regex=.", f"sort={mask.path}"):
                asker.expect(asker.ask("GET", f"{path}?{query}").status, _FORBIDDEN, f"{path}?{query}")


def _show(asker: Asker, one: Record) -> None:
    answer = asker.ask("GET", one.path)
    asker.expect(one.canary if one.canary in answer.text else answer, one.canary, f"{one.path} shows")
    told = sorted(set(answer.json().get("@masked", ())))
    masks = sorted({mask.path for mask in one.resource.masks if not asker.who.sees(mask.needs)})
    asker.expect(told, masks, f"{one.path} masks")


def _mirror(asker: Asker) -> None:
    if asker.who.role not in REVEALED:
        for path in ("/desk/v1/snapshot", "/desk/v1/feed?after=x.0", "/desk/v1/events"):
            asker.expect(asker.ask("GET", path).status, _FORBIDDEN, path)
        return
    wanted = sorted((one.resource.collection, one.id) for one in asker.visible)
    start, *lines = map(json.loads, asker.ask("GET", "/desk/v1/snapshot").text.splitlines())
    rows = sorted((one["collection"], one["id"]) for one in lines if one["kind"] == "row")
    asker.expect((rows, start.get("total", len(wanted))), (wanted, len(wanted)), "the snapshot holds")
    beginning = start["cursor"].rpartition(".")[0] + ".0"
    feed = asker.ask("GET", f"/desk/v1/feed?after={beginning}&limit=2000").json()
    told = sorted((one["collection"], one["id"]) for one in feed["changes"])
    asker.expect((told, feed["more"]), (wanted, False), "the feed tells")
    asker.expect(feed.get("checksum", {"count": len(wanted)})["count"], len(wanted), "the feed's checksum counts")
    heard = asker.hear("/desk/v1/events", 5, {"Last-Event-ID": beginning})
    asker.expect([line for line in heard if line.startswith("data:")], ["data: {}"], "the stream says")

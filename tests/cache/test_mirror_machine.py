"""Snapshot pages, feed changes, duplicates, late and older ones, in any order: the mirror ends as head office is."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.sync.model import Change, SnapshotPage, SnapshotStart
from local_cache.mirror import MirrorFile
from local_cache.mirror_schema import COLLECTIONS
from local_cache.mirror_store import POINTER
from local_cache.profile import Profile
from tests.cache.desk_files import KEY, REGION, DeskFiles
from tests.cache.records import account, change, customer, far, gone, individual, problem, service, ticket
from tests.fakes.clock import NOON

NAMES = st.sampled_from(["张伟", "Li Na", 'O\'Brien "Bob"', "王", "", "ÅSA 李 ﬁn", "\x00\ud800"])
NUMBERS = st.sampled_from(["138 0013 8000", "+86-139-0013-9000", "0571-88001234", "9" * 30, "12", "张"])
IDS = st.sampled_from(["a", "b", "c"])
PARTS = st.sampled_from(["p1", "p2"])


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A resource of any collection, under one of few ids."""
    made = {
        "customer": lambda: customer(draw(IDS), draw(NAMES), draw(st.lists(NUMBERS, max_size=2)), draw(PARTS)),
        "individual": lambda: individual(draw(PARTS), draw(NUMBERS)),
        "billingAccount": lambda: account(draw(IDS), draw(IDS)),
        "service": lambda: service(draw(IDS), draw(IDS), draw(NUMBERS)),
        "troubleTicket": lambda: ticket(draw(IDS), draw(IDS)),
        "customerIndex": lambda: far(draw(IDS), draw(NAMES), draw(st.lists(NUMBERS, max_size=2)), draw(st.lists(IDS))),
        "serviceProblem": lambda: problem(draw(IDS), *draw(st.lists(IDS, max_size=2))),
    }
    collection = draw(st.sampled_from(sorted(made)))
    return collection, made[collection]()


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """Everything head office ever did, in commit order."""
    history = []
    for revision, (collection, body) in enumerate(draw(st.lists(bodies(), max_size=12)), start=1):
        is_deleted = draw(st.integers(0, 3)) == 0
        history.append(gone(collection, body["id"], revision) if is_deleted else change(collection, revision, body))
    return history


@settings(max_examples=40, deadline=None)
@given(history=histories(), data=st.data())
def test_any_way_to_the_same_state_ends_in_the_same_rows_and_indexes(
    history: list[Change], data: st.DataObject
) -> None:
    snapshot_at = data.draw(st.integers(0, len(history)))
    held = [one for one in newest(history[:snapshot_at]) if one.body is not None]
    pages = cut(data, data.draw(st.permutations(held)))
    sent_twice = [*history, *data.draw(st.lists(st.sampled_from(history), max_size=4))] if history else []
    feed = data.draw(st.permutations(sent_twice))
    with TemporaryDirectory() as folder:
        mirrored = run(Path(folder) / "one", pages, cut(data, feed), restarts=data.draw(st.booleans()))
        final = [one for one in newest(history) if one.body is not None]
        rebuilt = run(Path(folder) / "two", [final], [], restarts=False)
    assert mirrored == rebuilt


def newest(history: list[Change]) -> list[Change]:
    """The last change of each record."""
    return list({(one.collection, one.id): one for one in history}.values())


def cut(data: st.DataObject, changes: list[Change]) -> list[list[Change]]:
    """Cut into pages, repeating the end of some at the beginning of the next."""
    pages, rest = [], list(changes)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        pages.append(rest[:size])
        rest = rest[size - 1 if size > 1 and data.draw(st.booleans()) else size :]
    return pages


def run(folder: Path, pages: list[list[Change]], feed: list[list[Change]], *, restarts: bool) -> dict[str, Any]:
    """Build and feed a mirror, with a restart after each page if asked; returns everything in it."""
    profile = Profile(folder)
    profile.prepare()
    desk = DeskFiles(profile)
    try:
        desk.mirror.begin(SnapshotStart("e1", "e1.0", 0))
        for number, page in enumerate(pages):
            desk.mirror.add(SnapshotPage(tuple(page), f"after {number}"))
            if restarts:
                desk.close()
                desk.open()
                building = desk.mirror.building()
                assert building is not None
                assert (building.after, building.epoch) == (f"after {number}", "e1")
        desk.mirror.add(SnapshotPage((), ""))
        desk.mirror.finish(NOON)
        for number, page in enumerate(feed):
            desk.feed(*page, cursor=f"e1.{number}")
            if restarts:
                desk.close()
                desk.open()
        return everything(profile, int(desk.journal.meta(POINTER)))
    finally:
        desk.close()


def everything(profile: Profile, number: int) -> dict[str, Any]:
    """All rows and all index entries, the name index read through its own vocabulary."""
    file = MirrorFile(profile, number, KEY, REGION)
    found: dict[str, Any] = {}
    with file.writing() as connection:
        ids: dict[str, dict[int, str]] = {}
        for name, one in COLLECTIONS.items():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{one.name}"').all()
            found[name] = sorted((row.id, row.revision, row.owner, row.body) for row in rows)
            if name in ("customer", "customerIndex"):
                ids[name] = {row.row: row.id for row in rows}
        found["lookup"] = sorted(tuple(row) for row in connection.exec_driver_sql("SELECT * FROM lookup"))
        found["hits"] = sorted(tuple(row) for row in connection.exec_driver_sql("SELECT * FROM problem_service"))
        found["far"] = sorted(tuple(row) for row in connection.exec_driver_sql("SELECT * FROM far_lookup"))
        for index, name in (("name_index", "customer"), ("far_index", "customerIndex")):
            connection.exec_driver_sql(
                f"CREATE VIRTUAL TABLE temp.{index}_words USING fts5vocab(main, {index}, instance)"
            )
            words = connection.exec_driver_sql(f"SELECT term, doc, offset FROM temp.{index}_words").all()
            found[index] = sorted((word.term, ids[name][word.doc], word.offset) for word in words)
    assert file.state().checksum == file.checksum()
    file.close()
    assert all(json.loads(body) for name in COLLECTIONS for *_, body in found[name])
    return found

"""A desk with a home against the real back office: its copy is exactly that, and grows and shrinks with the setting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from app.core.errors import BackOfficeUnreachableError
from app.sync.errors import NoProfileError
from app.sync.model import Change, SnapshotStart
from backoffice.generating.operator import generate
from backoffice.store import Store
from local_cache.mirror_schema import COLLECTIONS, INDEX
from tests.contract.desks import RealDesk
from tests.contract.office_process import OfficeProcess
from tests.contract.test_back_office import complaint, signed_in

HOME = ("Xihu",)
FAR = "C-100003"  # who lives in Binjiang
Held = dict[tuple[str, str], int]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeProcess]:
    """A back office with customers in eight districts."""
    made = OfficeProcess(tmp_path)
    with closing(Store.open(str(made.database))) as store:
        generate(store, 60, 1, processes=0)
    made.start()
    yield made
    made.kill()


async def held_by(desk: RealDesk) -> Held:
    """Everything in the copy in use."""
    rows: list[Change] = []
    for name in COLLECTIONS:
        ids = await desk.engine.thread.run(desk.mirror.ids, name, "", 10_000)
        rows += await desk.engine.thread.run(desk.mirror.rows, [(name, one) for one in ids])
    return {(row.collection, row.id): row.revision for row in rows}


def wanted(office: OfficeProcess, home: str = "") -> Held:
    """Everything that head office says such a copy holds."""
    asked = {"home": home} if home else {}
    return {key: revision for key, revision in office.everything(**asked).items() if key[0] in COLLECTIONS}


def profile(office: OfficeProcess, customer: str) -> Held:
    """Everything of one customer, of what desks keep."""
    return {key: revision for key, revision in office.everything(of=customer).items() if key[0] in COLLECTIONS}


def change(office: OfficeProcess, name: str = "", territory: str = "") -> int:
    """Somebody at head office changes who lives elsewhere; returns at which revision."""
    with closing(Store.open(str(office.database))) as store, store.writing() as transaction:
        known = transaction.get("customer", FAR)
        assert known is not None
        body = known.body
        marks = [{**one, "value": territory} if one["name"] == "territory" else one for one in body["characteristic"]]
        changed = {"name": name} if name else {"characteristic": marks}
        transaction.put("customer", FAR, {**body, **changed})
        return transaction.flush()["customer", FAR].revision


def ids_of(held: Held, collection: str) -> set[str]:
    return {key[1] for key in held if key[0] == collection}


async def test_a_copy_shrinks_and_grows_with_the_setting(tmp_path: Path, office: OfficeProcess) -> None:
    async with signed_in(tmp_path, office) as desk:
        full = await held_by(desk)
        assert full == wanted(office)
        act = complaint("While everything was here")
        await desk.record(act)
        await desk.ended(act.id)
    async with signed_in(tmp_path, office, home=HOME) as desk:
        await desk.until(lambda: desk.new_mirrors == 1)
        await desk.online()
        held = await held_by(desk)
        assert held == wanted(office, "Xihu")
        assert ids_of(held, "customer") | ids_of(held, INDEX) == ids_of(full, "customer")
        assert ids_of(held, "customer").isdisjoint(ids_of(held, INDEX))
        assert 0 < len(ids_of(held, "customer")) < len(ids_of(held, INDEX))
        assert len(desk.profile.mirrors()) == 1
        assert desk.status.trouble == ""
    async with signed_in(tmp_path, office) as desk:
        await desk.until(lambda: desk.new_mirrors == 1)
        await desk.online()
        assert await held_by(desk) == wanted(office)
        assert not ids_of(await held_by(desk), INDEX)


@pytest.mark.whole
async def test_a_copy_that_was_begun_of_another_home_is_begun_anew(tmp_path: Path, office: OfficeProcess) -> None:
    async with signed_in(tmp_path, office) as desk:
        full = await held_by(desk)
        await begin_another(desk)
    async with signed_in(tmp_path, office, home=HOME) as desk:
        assert await held_by(desk) in (full, wanted(office, "Xihu"))
        await desk.until(lambda: desk.new_mirrors == 1)
        await desk.online()
        assert (await held_by(desk), desk.new_mirrors) == (wanted(office, "Xihu"), 1)


async def begin_another(desk: RealDesk) -> None:
    """Build a new copy up to its first customers."""
    grant = await desk.engine.thread.run(desk.outbox.latest_grant)
    assert grant is not None
    async with aclosing(desk.office.snapshot(grant, "")) as parts:
        async for part in parts:
            if isinstance(part, SnapshotStart):
                await desk.engine.thread.run(desk.mirror.begin, part)
                continue
            await desk.engine.thread.run(desk.mirror.add, part)
            if part.after.startswith("customer/"):
                return


async def test_who_is_opened_stays_in_step_until_others_have_taken_their_place(
    tmp_path: Path, office: OfficeProcess
) -> None:
    async with signed_in(tmp_path, office, home=HOME, most_opened=1) as desk:
        away = sorted(ids_of(await held_by(desk), INDEX) - {FAR})
        await desk.engine.fetch(FAR)
        theirs = profile(office, FAR)
        assert await held_by(desk) == wanted(office, "Xihu") | theirs
        assert {("customer", FAR), ("billingAccount", "10000003")} <= theirs.keys()
        await desk.holds("customer", FAR, revision=change(office, name="Another Name"))
        act = complaint("Of somebody elsewhere", FAR)
        await desk.record(act)
        await desk.ended(act.id)
        await desk.until(lambda: not desk.outbox.overlaid())
        assert await held_by(desk) == wanted(office, "Xihu") | profile(office, FAR)
        await desk.engine.fetch(away[0])
        await desk.until(lambda: desk.mirror.opened() == away[:1])
        assert await held_by(desk) == wanted(office, "Xihu") | profile(office, away[0])
        with pytest.raises(NoProfileError):
            await desk.engine.fetch("nobody")
        office.kill()
        with pytest.raises(BackOfficeUnreachableError):
            await desk.engine.fetch(FAR)
        office.start()
        await desk.online()
        await desk.engine.fetch(FAR)
        await desk.until(lambda: desk.mirror.opened() == [FAR])
        assert await held_by(desk) == wanted(office, "Xihu") | profile(office, FAR)
        assert (desk.new_mirrors, desk.status.trouble) == (1, "")


@pytest.mark.whole
async def test_a_copy_with_a_home_stays_in_step_by_the_feed(tmp_path: Path, office: OfficeProcess) -> None:
    async with signed_in(tmp_path, office, home=HOME) as desk:
        before = ids_of(await held_by(desk), "customer")
        await desk.holds(INDEX, FAR, revision=change(office, name="Another Name"))
        await desk.holds("customer", FAR, revision=change(office, territory="Xihu"))
        assert await held_by(desk) == wanted(office, "Xihu")
        assert ids_of(await held_by(desk), "customer") == before | {FAR}
        await desk.holds(INDEX, FAR, revision=change(office, territory="Binjiang"))
        assert await held_by(desk) == wanted(office, "Xihu")
        assert ids_of(await held_by(desk), "customer") == before
        assert (desk.new_mirrors, desk.status.trouble) == (1, "")

"""Who lives outside the desk's home is found by numbers and by what of their name may be known, behind those who are at home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from app.customers.model import FarCustomer, MatchKind, SearchHit
from app.sync.errors import MirrorDamagedError
from app.sync.model import Closed
from local_cache.mirror import MirrorFile
from local_cache.mirror_store import POINTER
from local_cache.profile import Profile
from local_cache.records import MirrorCustomers
from local_cache.search import search
from tests.cache.desk_files import KEY, REGION, DeskFiles
from tests.cache.records import account, change, customer, far, gone
from tests.fakes.clock import NOON

FAR = far("C-7", "王••••", ["138 0013 8000", "0571-88001234", "FB30000001"], ["ACC-900-1"])


@pytest.fixture
def desk(profile: Profile) -> Iterator[DeskFiles]:
    """A desk with somebody at home and two people elsewhere."""
    opened = DeskFiles(profile)
    opened.build(
        [
            change("customer", 1, customer("C-1", "王小明", ["138 0013 8111"])),
            change("customerIndex", 2, FAR),
            change("customerIndex", 3, far("C-8", "M•••• L••••", ["138 0013 8222"])),
        ]
    )
    yield opened
    opened.close()


def find(desk: DeskFiles, typed: str, limit: int = 20) -> list[SearchHit]:
    return desk.ask(lambda one: search(one, typed, limit, REGION))


@pytest.mark.parametrize(
    ("typed", "match", "is_exact"),
    [
        ("13800138000", MatchKind.PHONE, True), ("+86 138 0013 8000", MatchKind.PHONE, True),
        ("138 0013 80", MatchKind.PHONE, False),
        ("0571 8800 1234", MatchKind.PHONE, True), ("fb30000001", MatchKind.PHONE, True), ("8000", MatchKind.LAST_FOUR, False),
        ("acc-900-1", MatchKind.ACCOUNT, True), ("ACC-900", MatchKind.ACCOUNT, False), ("c-7", MatchKind.CUSTOMER, True),
    ],
)  # fmt: skip
def test_they_are_found_by_every_number(desk: DeskFiles, typed: str, match: MatchKind, *, is_exact: bool) -> None:
    (hit,) = find(desk, typed)
    assert (hit.customer_id, hit.match, hit.is_exact, hit.is_elsewhere) == ("C-7", match, is_exact, True)
    assert (hit.name, hit.district, hit.status) == ("王••••", "Binjiang", "active")


@pytest.mark.parametrize(
    ("typed", "last_four"),
    [("13800138000", "8000"), ("0571 8800 1234", "1234"), ("1234", "1234"), ("057188", "1234"), ("acc-900-1", "8000")],
)
def test_the_last_four_are_of_what_was_found_or_of_the_first_number(
    desk: DeskFiles, typed: str, last_four: str
) -> None:
    assert [hit.last_four for hit in find(desk, typed)] == [last_four]


def test_the_account_is_shown_as_it_is_written(desk: DeskFiles) -> None:
    assert [hit.matched for hit in find(desk, "acc-900")] == ["ACC-900-1"]
    desk.feed(change("customerIndex", 4, far("C-7", "王••••", [], ["acc-９x"])))
    assert [hit.matched for hit in find(desk, "ACC-9")] == ["acc-９x"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("王", ["C-1", "C-7"]), ("wang", ["C-1", "C-7"]), ("m l", ["C-8"]), ("ma", [])],
)
def test_they_are_found_by_what_of_the_name_may_be_known(desk: DeskFiles, typed: str, found: list[str]) -> None:
    hits = find(desk, typed)
    assert [hit.customer_id for hit in hits] == found
    assert {hit.match for hit in hits} <= {MatchKind.NAME}


@pytest.mark.parametrize(
    ("typed", "found"),
    [("王小明", ["C-1", "C-7"]), ("王大", ["C-7"]), ("wangxiaoming", ["C-1", "C-7"]), ("maria", ["C-8"]), ("Lopez", ["C-8"]),
     ("Lopez, Maria", ["C-8"]), ("Maria 王", ["C-8"]), ("Maria Xu", []), ("小明", ["C-1"]), ("maria 2", [])],
)  # fmt: skip
def test_a_whole_name_finds_last_who_may_be_meant_and_says_so(desk: DeskFiles, typed: str, found: list[str]) -> None:
    hits = find(desk, typed)
    assert [hit.customer_id for hit in hits] == found
    assert all(hit.match is MatchKind.POSSIBLE for hit in hits if hit.is_elsewhere)


def test_who_is_at_home_comes_first_but_for_a_whole_number(desk: DeskFiles) -> None:
    assert [hit.customer_id for hit in find(desk, "138 0013")] == ["C-1", "C-7", "C-8"]
    assert [hit.customer_id for hit in find(desk, "138 0013", limit=1)] == ["C-1"]
    desk.feed(change("customer", 4, customer("C-2", "N", ["138001380001"])))
    assert [hit.customer_id for hit in find(desk, "13800138000")] == ["C-7", "C-2"]


def test_who_is_held_in_full_as_well_is_one_row_and_not_elsewhere(desk: DeskFiles) -> None:
    desk.feed(change("customer", 4, customer("C-7", "王力", ["138 0013 8000"])))
    for typed in ("13800138000", "王", "ACC-900-1"):
        (hit,) = [one for one in find(desk, typed) if one.customer_id == "C-7"]
        assert (hit.name, hit.is_elsewhere) == ("王力", False)


def test_who_has_left_the_index_is_found_under_nothing(desk: DeskFiles) -> None:
    desk.feed(gone("customerIndex", "C-7", 4))
    assert [one for typed in ("13800138000", "8000", "ACC-900-1", "c-7", "王") for one in find(desk, typed)] == find(
        desk, "王"
    )
    assert "C-7" not in [one.customer_id for one in find(desk, "王")]


def test_who_has_another_number_is_found_under_that_one_only(desk: DeskFiles) -> None:
    desk.feed(change("customerIndex", 4, far("C-7", "李••••", ["139 0013 9000"])))
    assert [hit.customer_id for hit in find(desk, "13900139000")] == ["C-7"]
    assert [hit.customer_id for hit in find(desk, "李")] == ["C-7"]
    assert find(desk, "13800138000") == find(desk, "ACC-900-1") == []


async def test_what_is_known_of_them_can_be_asked_for(desk: DeskFiles) -> None:
    customers = MirrorCustomers(desk.reader, REGION)
    phones = ("138 0013 8000", "0571-88001234", "FB30000001")
    assert await customers.far("C-7") == FarCustomer("C-7", "王••••", "active", "Binjiang", phones, ("ACC-900-1",))
    assert await customers.far("C-1") is None
    assert await customers.customer("C-7") is None


PROFILE = [
    change("customer", 4, customer("C-7", "王力", ["138 0013 8000"])),
    change("billingAccount", 5, account("ACC-900-1", "C-7")),
]
CLOSED = Closed(("C-7",), tuple((row.collection, row.id) for row in PROFILE))


def state_fits(desk: DeskFiles) -> bool:
    """Whether what the state says it holds is what the rows say."""
    with closing(MirrorFile(desk.profile, int(desk.journal.meta(POINTER)), KEY, REGION)) as file:
        return file.state().checksum == file.checksum()


def test_who_is_opened_is_held_in_full_until_they_are_let_go(desk: DeskFiles) -> None:
    assert desk.mirror.open("C-7", PROFILE) == {"customer", "billingAccount"}
    assert desk.mirror.opened() == ["C-7"]
    assert [(hit.name, hit.is_elsewhere) for hit in find(desk, "13800138000")] == [("王力", False)]
    assert find(desk, "wangli") != []
    assert state_fits(desk)
    touched = desk.mirror.apply([], "e1.9", NOON, CLOSED)
    assert touched == {"customer", "billingAccount"}
    assert desk.mirror.opened() == []
    assert [(hit.name, hit.is_elsewhere) for hit in find(desk, "13800138000")] == [("王••••", True)]
    assert [hit.match for hit in find(desk, "wangli")] == [MatchKind.POSSIBLE]
    assert desk.mirror.rows([(row.collection, row.id) for row in PROFILE]) == []
    assert state_fits(desk)
    desk.mirror.open("C-7", PROFILE)
    assert find(desk, "wangli") != []
    assert state_fits(desk)


def test_what_left_the_home_comes_with_its_customer_at_the_revision_at_which_it_left(desk: DeskFiles) -> None:
    desk.feed(gone("customer", "C-7", 4), gone("billingAccount", "ACC-900-1", 6))
    desk.mirror.open("C-7", PROFILE)
    assert [row.revision for row in desk.mirror.rows([("customer", "C-7")])] == [4]
    assert [row.body for row in desk.mirror.rows([("billingAccount", "ACC-900-1")])] == [None]  # deleted later
    assert state_fits(desk)


def test_who_is_opened_again_or_looked_at_is_the_last_to_go(desk: DeskFiles) -> None:
    for name in ("C-7", "C-8", "C-7"):
        desk.mirror.open(name, [])
    assert desk.mirror.opened() == ["C-8", "C-7"]
    for name in ("C-8", "C-8", "at home"):
        desk.mirror.look(name)
    assert desk.mirror.opened() == ["C-7", "C-8"]


def test_a_new_copy_is_of_nobody_opened(desk: DeskFiles) -> None:
    desk.mirror.open("C-7", PROFILE)
    desk.build([change("customerIndex", 2, FAR)])
    assert desk.mirror.opened() == []
    assert [hit.is_elsewhere for hit in find(desk, "13800138000")] == [True]


def test_a_desk_without_a_copy_has_nobody_opened(profile: Profile) -> None:
    with closing(DeskFiles(profile)) as empty:
        assert empty.mirror.opened() == []
        with pytest.raises(MirrorDamagedError):
            empty.mirror.open("C-7", PROFILE)

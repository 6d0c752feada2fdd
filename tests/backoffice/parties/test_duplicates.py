"""Who is in the books twice is found; the same on both engines."""

from __future__ import annotations

import pytest

from backoffice.documents import Document
from backoffice.parties.duplicates import Pair, Place, duplicates
from backoffice.parties.names import are_near
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store
from tests.backoffice.parties.books import customer, merged, person, two
from tests.fakes.clock import FakeClock

XIHU = Scope(frozenset({"xihu"}))


def found(store: Store, scope: Scope = EVERYTHING, limit: int = 100) -> list[Pair]:
    """Every pair, page after page."""
    pairs: list[Pair] = []
    place: Place | None = Place()
    with store.reading(scope) as reader:
        while place is not None:
            page, place = duplicates(reader, place, limit)
            assert page or place is None
            pairs += page
    return pairs


def ids(pairs: list[Pair]) -> list[tuple[str, str, str]]:
    return [(one.one.id, one.other.id, one.reason) for one in pairs]


def test_the_same_document_and_a_near_name_with_the_same_number_are_found(store: Store) -> None:
    store.load(two())
    assert ids(found(store)) == [("P1", "P2", "identityDocument"), ("C1", "C2", "nameAndNumber")]


def test_the_same_number_of_a_document_of_another_kind_is_nothing(store: Store) -> None:
    passport = [{"identificationType": "passport", "identificationId": "33010219900101001X"}]
    store.load(
        [person("P1", "王小明", "33010219900101001X"), person("P2", "王小明", individualIdentification=passport)]
    )
    assert found(store) == []


def of_two(store: Store, name: str, number: str) -> list[Pair]:
    """What is found where 王小明 of +86 138 0013 8000 is there too."""
    store.load([customer("C1", "P1", "王小明", number="+8613800138000"), customer("C2", "P2", name, number=number)])
    return found(store)


def test_name_and_number_are_compared_whatever_their_spelling(store: Store) -> None:
    assert ids(of_two(store, "Wang Xiaoming", "138 0013 8000")) == [("C1", "C2", "nameAndNumber")]


@pytest.mark.parametrize(
    ("name", "number"), [("李娜", "13800138000"), ("王小明", "13900138000"), ("王小明", "138"), ("", "13800138000")]
)
def test_a_number_or_a_name_alone_is_nothing(store: Store, name: str, number: str) -> None:
    assert of_two(store, name, number) == []


def test_nobody_sees_half_a_pair(store: Store) -> None:
    store.load(two("binjiang"))
    assert found(store, XIHU) == []
    assert len(found(store, Scope(frozenset({"xihu", "binjiang"})))) == 2


def test_who_was_merged_is_found_no_more(store: Store, clock: FakeClock) -> None:
    store.load(two())
    merged(store, clock, "C1", "C2")
    assert found(store) == []


def test_what_speaks_against_a_merge_is_said_beside_the_pair(store: Store) -> None:
    store.load([*two(), person("P2", "王小明", "33010219900101001X", birthDate="1991-01-01")])
    store.load([person("P1", "王小明", "33010219900101001X", birthDate="1990-01-01")])
    assert [one.against for one in found(store)] == [("their birth dates differ",), ()]


def test_pages_hold_together_all_that_one_page_would(store: Store) -> None:
    store.load(
        document
        for number in range(9)
        for document in (
            customer(f"A{number}", f"P{number}", "王小明", number=f"1380013800{number}"),
            customer(f"B{number}", f"P{number}", "王小明", number=f"+861380013800{number}"),
        )
    )
    whole = ids(found(store))
    assert len(whole) == 9
    assert ids(found(store, limit=2)) == whole


def test_a_search_that_runs_out_of_time_goes_on_where_it_was(store: Store) -> None:
    store.load(two())
    pairs: list[Pair] = []
    place: Place | None = Place()
    pages = 0
    with store.reading(EVERYTHING) as reader:
        while place is not None:
            page, place = duplicates(reader, place, 100, seconds=-1)
            pairs, pages = pairs + page, pages + 1
    assert (len(pairs), pages) == (2, 3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王小明", "王晓明"),
        ("王小明", "Xiaoming Wang"),
        ("王乾", "Wang Qian"),
        ("張偉", "张伟"),
        ("José García", "jose garcia"),
        ("Catherine Smith", "Katherine Smith"),
        ("Catherine Smith", "Catherine Smth"),
    ],
)
def test_near_names_sound_the_same_or_are_a_letter_apart(one: str, other: str) -> None:
    assert are_near(one, other)
    assert are_near(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Li Na", "Li Ni"), ("王小明", "李小明"), ("Catherine Smith", "Kathrine Smith"), ("", "")]
)
def test_other_names_are_not_near(one: str, other: str) -> None:
    assert not are_near(one, other)
    assert not are_near(other, one)


def test_a_number_that_many_share_is_compared_only_so_far(store: Store) -> None:
    store.load(
        Document("customer", f"C{number}", customer("x", "P", "N", number="1380013").body) for number in range(30)
    )
    assert len(found(store)) == 20 * 19 / 2

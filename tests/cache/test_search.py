"""The box finds by whatever the customer says first, and takes whatever is typed for text only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.customers.model import MatchKind, SearchHit
from app.sync.model import Confirmed
from local_cache.profile import Profile
from local_cache.search import search
from tests.cache.desk_files import REGION, DeskFiles
from tests.cache.records import account, change, customer, filing, gone, individual, order, service, ticket

PEOPLE = [
    customer("7590-VHVEG", "张伟", ["138 0013 8000"], "P1"),
    customer("5575-GNVDE", "María O'Brien-Núñez", ["+44 20 7946 0018"], "P2"),
    customer("C-3", "欧阳娜娜", ["(0571) 8800 1234"], "P3"),
    customer("C-4", "Li Na", ["+86 139 0013 9000"]),
    customer("C-5", "", []),
    customer("C-6", "吕ｆｕｌｌ宽", ["１３７００１３７０００"]),
    customer("C-7", "單龍〇", []),
    customer("C-8", "李\U0002ebf0", []),
    customer("C-11", "王乾", []),
]


@pytest.fixture
def shop(profile: Profile) -> Iterator[DeskFiles]:
    """A desk with a few customers."""
    desk = DeskFiles(profile)
    rows = [change("customer", number, one) for number, one in enumerate(PEOPLE, 1)]
    rows += [
        change("individual", 10, individual("P1", "39010119900501123X")),
        change("billingAccount", 11, account("ACC-900-1", "7590-VHVEG")),
        change("service", 12, service("S1", "C-4", "010-6552 9988", iccid="8986011234567890123")),
        change("productOrder", 16, order("OR-100012", "C-3")),
        change("troubleTicket", 13, ticket("250635", "")),
        change("troubleTicket", 14, ticket("TT-77", "5575-GNVDE")),
        change("troubleTicket", 15, ticket("TT-78", "C-elsewhere")),
    ]
    desk.build(rows)
    yield desk
    desk.close()


def find(desk: DeskFiles, typed: str, limit: int = 20) -> list[SearchHit]:
    return desk.ask(lambda one: search(one, typed, limit, REGION))


def ids(desk: DeskFiles, typed: str) -> list[str]:
    return [hit.customer_id or hit.ticket_id for hit in find(desk, typed)]


@pytest.mark.parametrize(
    "typed",
    ["13800138000", "138 0013 8000", "138-0013-8000", "+8613800138000", "+86 138 0013 8000", "0086 138 0013 8000",
     "１３８００１３８０００", "138\u20110013\u20138000", "1380013", "138 0013"],
)  # fmt: skip
def test_a_number_is_found_in_any_spelling_and_by_its_beginning(shop: DeskFiles, typed: str) -> None:
    (hit,) = find(shop, typed)
    assert (hit.customer_id, hit.match, hit.last_four) == ("7590-VHVEG", MatchKind.PHONE, "8000")


@pytest.mark.parametrize(
    ("typed", "customer_id"),
    [("057188001234", "C-3"), ("0571 8800", "C-3"), ("88001234", ""), ("02079460018", "5575-GNVDE"), ("442079460018", "5575-GNVDE"),
     ("+44 (0)20 7946 0018", "5575-GNVDE"), ("010 6552 9988", "C-4"), ("137 0013 7000", "C-6")],
)  # fmt: skip
def test_landlines_foreign_numbers_and_numbers_of_services_are_found(
    shop: DeskFiles, typed: str, customer_id: str
) -> None:
    assert ids(shop, typed) == ([customer_id] if customer_id else [])


@pytest.mark.parametrize(("typed", "is_exact"), [("fb30", False), ("fb30000001", True), ("FB30000001", True)])
def test_the_number_of_an_access_is_found_in_either_case_and_shown_as_it_is_printed(
    shop: DeskFiles, typed: str, *, is_exact: bool
) -> None:
    shop.feed(change("service", 20, service("S9", "C-4", "FB30000001")))
    (hit,) = find(shop, typed)
    assert (hit.customer_id, hit.match, hit.matched, hit.is_exact) == ("C-4", MatchKind.PHONE, "FB30000001", is_exact)


@pytest.mark.parametrize(
    ("typed", "customer_id"), [("8000", "7590-VHVEG"), ("1234", "C-3"), ("9988", "C-4"), ("0018", "5575-GNVDE")]
)
def test_the_last_four_digits_are_enough(shop: DeskFiles, typed: str, customer_id: str) -> None:
    hits = {hit.customer_id: hit for hit in find(shop, typed)}
    assert (hits[customer_id].match, hits[customer_id].is_exact) == (MatchKind.LAST_FOUR, False)


@pytest.mark.parametrize(
    "typed", ["张伟", "张", "伟", "zhangwei", "zhangw", "zhang wei", "zw", "ZHANG", "伟 张", "张 wei"]
)
def test_a_chinese_name_is_found_by_sign_full_pinyin_and_initials(shop: DeskFiles, typed: str) -> None:
    assert "7590-VHVEG" in ids(shop, typed)


@pytest.mark.parametrize(
    "typed", ["單龍〇", "单龙〇", "龙", "单龍", "shanlongling", "danlongling", "sll", "dll", "shan l"]
)
def test_a_name_is_found_in_traditional_and_simplified_characters_and_in_each_reading_of_the_surname(
    shop: DeskFiles, typed: str
) -> None:
    assert "C-7" in ids(shop, typed)


@pytest.mark.parametrize("typed", ["王乾", "wangqian", "wq", "wang qian", "王干"])
def test_a_name_is_read_as_it_is_written_and_not_only_as_it_is_simplified(shop: DeskFiles, typed: str) -> None:
    assert "C-11" in ids(shop, typed)


@pytest.mark.parametrize("typed", ["李\U0002ebf0", "\U0002ebf0", "li"])
def test_a_character_too_rare_for_a_reading_is_found_as_it_is(shop: DeskFiles, typed: str) -> None:
    assert "C-8" in ids(shop, typed)


@pytest.mark.parametrize(
    ("typed", "customer_id"),
    [("maria", "5575-GNVDE"), ("MARÍA NUN", "5575-GNVDE"), ("nunez maria", "5575-GNVDE"), ("o'brien", "5575-GNVDE"),
     ("brien", "5575-GNVDE"), ("ouyangnana", "C-3"), ("oynn", "C-3"), ("娜娜", "C-3"), ("li na", "C-4"), ("lv", "C-6"),
     ("full", "C-6"), ("ＬＩ　ＮＡ", "C-4")],
)  # fmt: skip
def test_names_are_found_without_accents_case_and_width_in_any_order(
    shop: DeskFiles, typed: str, customer_id: str
) -> None:
    assert ids(shop, typed)[0] == customer_id


@pytest.mark.parametrize(
    ("typed", "found", "match"),
    [("7590-VHVEG", "7590-VHVEG", MatchKind.CUSTOMER), ("7590-vhv", "7590-VHVEG", MatchKind.CUSTOMER),
     ("acc-900-1", "7590-VHVEG", MatchKind.ACCOUNT), ("39010119900501123x", "7590-VHVEG", MatchKind.DOCUMENT),
     ("TT-77", "5575-GNVDE", MatchKind.TICKET), ("250635", "250635", MatchKind.TICKET),
     ("TT-78", "TT-78", MatchKind.TICKET), ("or-100012", "C-3", MatchKind.ORDER),
     ("8986011234567890123", "C-4", MatchKind.CARD)],
)  # fmt: skip
def test_every_identifier_leads_to_its_customer_or_to_the_ticket_that_has_none_here(
    shop: DeskFiles, typed: str, found: str, match: MatchKind
) -> None:
    (hit,) = find(shop, typed)
    assert (hit.customer_id or hit.ticket_id, hit.match) == (found, match)
    assert hit.is_exact == (len(typed) > len("7590-vhv") or typed.startswith(("TT", "25")))


def test_an_order_is_shown_as_it_is_printed(shop: DeskFiles) -> None:
    assert [hit.matched for hit in find(shop, "or-1000")] == ["OR-100012"]


@pytest.mark.parametrize("typed", ["rien", "ARÍA", "rien uñe", "uñez maría", "ouyan"])
def test_a_name_is_found_by_what_stands_within_its_words(shop: DeskFiles, typed: str) -> None:
    found = "C-3" if typed == "ouyan" else "5575-GNVDE"
    assert ids(shop, typed) == [found]


def test_what_stands_within_a_word_comes_after_what_begins_one_and_goes_with_the_name(shop: DeskFiles) -> None:
    shop.feed(change("customer", 20, customer("C-9", "Rienzo")), change("customer", 21, customer("C-10", "Obrienko")))
    assert ids(shop, "rien") == ["C-9", "5575-GNVDE", "C-10"]
    shop.feed(change("customer", 19, customer("C-12", "Lee Kowalski")))
    assert ids(shop, "lee owalsk") == ["C-12"]
    shop.feed(change("customer", 22, customer("C-10", "Somebody")), gone("customer", "5575-GNVDE", 23))
    assert ids(shop, "rien") == ["C-9"]
    assert ids(shop, "ie") == []


@pytest.mark.parametrize("typed", ["文三路 90", "西湖区", "西湖", "90号 文三", "xihu building"])
def test_a_customer_is_found_by_the_address_and_the_row_shows_it(shop: DeskFiles, typed: str) -> None:
    place = {"street1": "文三路90号 Xihu Building", "city": "西湖区"}
    shop.feed(change("customer", 20, customer("C-9", "王芳", address=place)))
    (hit,) = find(shop, typed)
    assert (hit.customer_id, hit.match, hit.is_exact) == ("C-9", MatchKind.PLACE, False)
    assert hit.matched == "文三路90号 Xihu Building, 西湖区"


def test_the_signs_of_a_place_stand_together_and_nobody_elses_hide_it(shop: DeskFiles) -> None:
    others = [customer(f"N-{n}", "Other", address={"street1": f"文化路{n}号", "city": "三明市"}) for n in range(70)]
    shop.feed(*(change("customer", 100 + n, one) for n, one in enumerate(others)))
    shop.feed(change("customer", 300, customer("C-9", "王芳", address={"street1": "文三路90号", "city": "杭州市"})))
    assert ids(shop, "文三路") == ["C-9"]
    assert len(find(shop, "文化路")) == 20


def test_a_customer_is_found_by_each_address_and_the_row_shows_that_one(shop: DeskFiles) -> None:
    body = customer("C-9", "王芳", address={"street1": "Maple Road 90", "city": "Q"})
    body["contactMedium"].append({"mediumType": "postalAddress", "characteristic": {"street1": "Oak Lane 7"}})
    shop.feed(change("customer", 20, body))
    assert [hit.matched for hit in find(shop, "oak lane")] == ["Oak Lane 7"]
    assert [hit.matched for hit in find(shop, "maple road")] == ["Maple Road 90, Q"]


def test_a_letter_or_a_number_is_no_address_and_a_name_comes_before_one(shop: DeskFiles) -> None:
    shop.feed(
        change("customer", 20, customer("C-9", "Somebody", address={"street1": "Maple Road 90", "city": "X"})),
        change("customer", 21, customer("C-10", "Maple Ltd")),
    )
    assert (ids(shop, "x"), ids(shop, "90")) == ([], [])
    assert ids(shop, "maple") == ["C-10", "C-9"]
    shop.feed(change("customer", 22, customer("C-9", "Somebody", address={"street1": "Oak Road 90", "city": "Q"})))
    assert ids(shop, "maple") == ["C-10"]
    assert ids(shop, "oak road") == ["C-9"]


def test_exact_identifiers_come_before_beginnings_and_names(shop: DeskFiles) -> None:
    shop.feed(
        change("customer", 20, customer("zw", "Somebody")),
        change("customer", 21, customer("zw-2", "张王")),
    )
    hits = find(shop, "zw")
    assert (hits[0].customer_id, hits[0].is_exact) == ("zw", True)
    assert {hit.customer_id for hit in hits} == {"zw", "zw-2", "7590-VHVEG"}


def test_one_customer_is_one_row_and_no_more_rows_come_than_asked_for(shop: DeskFiles) -> None:
    shop.feed(*(change("customer", 30 + n, customer(f"N-{n}", "Same Name", ["13500000000"])) for n in range(50)))
    hits = find(shop, "same name")
    assert len({hit.customer_id for hit in hits}) == len(hits) == 20
    assert len(find(shop, "13500000000", limit=5)) == 5


def test_many_numbers_of_one_customer_hide_nobody_behind_them(shop: DeskFiles) -> None:
    block = [service(f"S-{n:03}", "C-3", f"1350000{n:04}") for n in range(100)]
    others = [customer(f"N-{n}", "Same Block", [f"135000{n:05}"]) for n in range(9_000, 9_025)]
    shop.feed(*(change("service", 200 + n, one) for n, one in enumerate(block)))
    shop.feed(*(change("customer", 400 + n, one) for n, one in enumerate(others)))
    assert len(find(shop, "135000", limit=21)) == 21


def test_what_changed_is_found_under_the_new_and_not_under_the_old(shop: DeskFiles) -> None:
    shop.feed(change("customer", 20, customer("7590-VHVEG", "王芳", ["13611112222"], "P1")))
    assert ids(shop, "zhangwei") == ids(shop, "13800138000") == []
    assert ids(shop, "wangfang") == ids(shop, "13611112222") == ["7590-VHVEG"]
    shop.feed(gone("customer", "7590-VHVEG", 21))
    assert ids(shop, "wangfang") == ids(shop, "39010119900501123X") == []


def test_a_ticket_is_found_by_its_new_number_before_the_feed_has_brought_it(shop: DeskFiles) -> None:
    act = filing(customer_id="C-4")
    shop.record(act)
    shop.confirm(act.id, Confirmed("TT-4711", 40, ticket("TT-4711", "C-4")))
    (hit,) = find(shop, "tt-4711")
    assert (hit.customer_id, hit.ticket_id, hit.is_exact) == ("C-4", "TT-4711", True)


def test_blanks_find_nothing(shop: DeskFiles) -> None:
    assert find(shop, "") == find(shop, " \u3000\t\n") == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example('"; DROP TABLE customer; --')
@example("NEAR(a b) OR * NOT ^ : {a} -b +c")
@example("AND")
@example('"""')
@example("a\x00b")
@example("\U0001f4f1\U0001f1e8\U0001f1f3")
@example("\ud83d")
@example("%_\\")
@example("²½①ǅﷺ" * 30)
@example("x" * 10_000)
@example("張" * 10_000)
@example("9" * 10_000)
@example("LAST FOUR 0008")
@example("+" * 50 + "1234")
@given(typed=st.text(st.characters(), max_size=40))
def test_whatever_is_typed_is_only_text(shop: DeskFiles, typed: str) -> None:
    for hit in find(shop, typed):
        assert hit.match is not MatchKind.LAST_FOUR or sum(sign.isnumeric() for sign in typed) >= 1
        assert hit.matched


def test_the_marker_of_last_four_keys_cannot_be_typed(shop: DeskFiles) -> None:
    assert find(shop, "LAST FOUR 0008") == find(shop, "last four 0008") == []

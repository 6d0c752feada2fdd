"""Folding and phone numbers: rules that desk and back office share."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.folding import digits_in, folded, words_in
from app.rules.han import is_han, readings, simplified
from app.rules.phones import phone_keys, shown_phone

TEXTS = st.text(st.characters())


@pytest.mark.parametrize(
    ("text", "plain"),
    [("ＦＵＬＬ　Ｗｉｄｔｈ１２", "full width12"), ("  María   Núñez ", "maria nunez"), ("STRAẞE", "strasse"), ("ﬁn", "fin"),
     ("Å", "a"), ("張伟", "張伟"), ("İI", "ii"), ("\u3000\t\n", "")],
)  # fmt: skip
def test_folding_takes_off_width_accents_case_and_spare_blanks(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(text=st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_folded_as_any_other(text: str) -> None:
    assert folded(text) == folded(f"{text} \u00e9").removesuffix("e").strip()


@given(text=TEXTS)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert words_in(folded(text)) == words_in(text)


@given(text=TEXTS)
def test_words_hold_no_blanks_no_signs_and_never_two_han_characters(text: str) -> None:
    for word in words_in(text):
        assert word
        assert all(sign.isalnum() or is_han(sign) for sign in word)
        assert len(word) == 1 or not any(is_han(sign) for sign in word)


@pytest.mark.parametrize(
    ("text", "words"),
    [("张伟 ZhangWei", ["张", "伟", "zhangwei"]), ("No.5北京路", ["no", "5", "北", "京", "路"]),
     ("O'Brien-Núñez", ["o", "brien", "nunez"]),
     ("\U00020bb7野家", ["\U00020bb7", "野", "家"]), ("李\U0002ebf0〇", ["李", "\U0002ebf0", "〇"]),
     ("張偉 Co", ["张", "伟", "co"]), ("_a_", ["a"]), ("", [])],
)  # fmt: skip
def test_every_han_character_is_a_word_and_runs_of_letters_are(text: str, words: list[str]) -> None:
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("sign", "plain"),
    [("張", "张"), ("龍", "龙"), ("薴", "苎"), ("张", "张"), ("後", "后"), ("\U0002ebf0", "\U0002ebf0")],
)
def test_a_character_is_written_as_the_mainland_does(sign: str, plain: str) -> None:
    assert simplified(sign) == plain


@pytest.mark.parametrize(
    ("sign", "usual", "also"),
    [("伟", "wei", "wei"), ("单", "dan", "shan"), ("吕", "lv", "lv"), ("〇", "ling", "ling"), ("乾", "qian", "gan")],
)
def test_a_character_has_its_usual_reading_first_and_the_others_after_it(sign: str, usual: str, also: str) -> None:
    assert readings(sign)[0] == usual
    assert also in readings(sign)


def test_what_cannot_be_read_has_no_reading() -> None:
    assert readings("\U0002ebf0") == ()


@given(text=TEXTS)
def test_digits_are_ascii_digits(text: str) -> None:
    assert digits_in(text).isascii()
    assert all(sign.isdigit() for sign in digits_in(text))


def test_digits_of_every_script_count() -> None:
    assert digits_in("＋８６ (138) ٠٠١٣-۸۰۰۰") == "8613800138000"


@pytest.mark.parametrize(
    "spelling",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "１３８００１３８０００",
        "(86) 138 0013 8000",
    ],
)
def test_any_spelling_of_a_number_shares_a_key_with_the_plain_one(spelling: str) -> None:
    assert phone_keys(spelling, "CN") & phone_keys("13800138000", "CN")


@given(
    prefix=st.sampled_from(["", "86", "+86", "+86 ", "86 "]),
    number=st.from_regex(r"1[3-9][0-9] ?[0-9]{4} ?[0-9]{4}", fullmatch=True, alphabet="0123456789 "),
)
def test_a_chinese_mobile_number_has_the_keys_that_the_numbering_plans_give_it(prefix: str, number: str) -> None:
    parsed = phonenumbers.parse(f"{prefix}{number}", "CN")
    national = phonenumbers.national_significant_number(parsed)
    assert phone_keys(f"{prefix}{number}", "CN") == {digits_in(f"{prefix}{number}"), national, f"86{national}"}


@pytest.mark.parametrize(
    ("number", "region", "keys"),
    [("13800138000", "CN", {"13800138000", "8613800138000"}), ("010-65529988", "CN", {"01065529988", "1065529988", "861065529988"}),
     ("020 7946 0018", "GB", {"02079460018", "2079460018", "442079460018"}), ("1", "CN", set()), ("", "CN", set()),
     ("9" * 30, "CN", set()), ("13800138000", "XX", {"13800138000"}), ("no number", "CN", set())],
)  # fmt: skip
def test_a_number_is_found_nationally_and_internationally(number: str, region: str, keys: set[str]) -> None:
    assert phone_keys(number, region) == keys


@given(number=TEXTS)
def test_whatever_stands_for_a_number_its_keys_are_digits(number: str) -> None:
    assert all(key.isascii() and key.isdigit() for key in phone_keys(number, "CN"))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800138000", "138 0013 8000"),
        ("138-0013-8000", "138 0013 8000"),
        ("010 6552 9988", "010 6552 9988"),
        ("", ""),
    ],
)
def test_mobile_numbers_are_shown_the_way_they_are_read_aloud(number: str, shown: str) -> None:
    assert shown_phone(number) == shown

"""Made-up contacts: the same for the same customer, and nobody's."""

from __future__ import annotations

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st

from backoffice.importing.contacts import ContactMaker


@given(st.integers(), st.text(max_size=20))
def test_a_made_up_number_looks_right_and_belongs_to_nobody(seed: int, customer_id: str) -> None:
    number = phonenumbers.parse(ContactMaker(seed).contact_of(customer_id).phone)
    assert phonenumbers.is_possible_number(number)
    assert not phonenumbers.is_valid_number(number)


@given(st.integers(), st.text(max_size=20))
def test_the_same_seed_makes_the_same_contact(seed: int, customer_id: str) -> None:
    assert ContactMaker(seed).contact_of(customer_id) == ContactMaker(seed).contact_of(customer_id)


def test_another_seed_or_customer_makes_another_contact() -> None:
    contacts = {ContactMaker(seed).contact_of(f"{number:04}-AB") for seed in (1, 2) for number in range(500)}
    assert len(contacts) == 1000

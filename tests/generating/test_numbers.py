"""Numbers: each given out once, right in form, and belonging to nobody."""

from __future__ import annotations

import phonenumbers

from backoffice.generating.numbers import Numbers
from tests.generating.operators import mark, operator, phones_of

PROVINCES = {
    11,
    12,
    13,
    14,
    15,
    21,
    22,
    23,
    31,
    32,
    33,
    34,
    35,
    36,
    37,
    41,
    42,
    43,
    44,
    45,
    46,
    50,
    51,
    52,
    53,
    54,
    61,
    62,
}
PROVINCES |= {63, 64, 65, 71, 81, 82, 83, 91}


def all_phones() -> list[str]:
    return [phone for body in operator(3000).bodies("customer") for phone in phones_of(body)]


def test_a_shown_number_has_eleven_digits_and_belongs_to_nobody() -> None:
    for phone in all_phones():
        assert len(phone) == 11
        assert phone.isdecimal()
        assert not phonenumbers.is_valid_number(phonenumbers.parse(phone, "CN"))


def test_no_number_is_given_out_twice() -> None:
    made = operator(3000)
    phones = all_phones()
    assert len(phones) == len(set(phones)) > 3000
    identities = [
        document["identificationId"] for body in made.people() for document in body["individualIdentification"]
    ]
    assert len(identities) == len(set(identities))
    ids = [(document.collection, document.id) for document in made.documents]
    assert len(ids) == len(set(ids))


def test_a_mobile_service_carries_a_number_of_its_customer() -> None:
    made = operator(300)
    customers = made.by_id("customer")
    for service in made.bodies("service"):
        if service["serviceType"] == "mobile":
            customer = customers[service["relatedParty"][0]["id"]]
            assert mark(service, "number", "serviceCharacteristic") in phones_of(customer)


def test_accounts_have_eight_digits_and_tickets_count_on() -> None:
    made = operator(3000)
    assert all(len(account) == 8 and account.isdecimal() for account in made.by_id("billingAccount"))
    assert list(made.by_id("troubleTicket"))[:2] == ["T-8841", "T-8842"]


def test_an_identity_number_passes_its_check_but_its_area_does_not_exist() -> None:
    for body in operator(3000).people():
        number = body["individualIdentification"][0]["identificationId"]
        assert number[6:14] == body["birthDate"][:10].replace("-", "")
        assert int(number[16]) % 2 == (body["gender"] == "male")
        assert int(number[:2]) not in PROVINCES
        # ISO 7064 MOD 11-2: the number with its check sign leaves 1
        values = [10 if sign == "X" else int(sign) for sign in number]
        assert sum(value * 2 ** (17 - place) for place, value in enumerate(values)) % 11 == 1


def test_a_company_code_passes_both_checks_of_the_standard() -> None:
    numbers = Numbers(seed=1)
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for code in [numbers.company() for _ in range(200)]:
        assert (len(code), code[:8]) == (18, "91390100")
        total = sum(signs.index(sign) * 3**place for place, sign in enumerate(code[:17]))
        assert (total + signs.index(code[17])) % 31 == 0
        weights = (3, 7, 9, 10, 5, 8, 4, 2, 1)
        organisation = [10 if sign == "X" else int(sign) for sign in code[8:17]]
        assert sum(value * weight for value, weight in zip(organisation, weights, strict=True)) % 11 == 0


def test_ten_thousand_numbers_of_each_kind_never_repeat() -> None:
    numbers = Numbers(seed=9)
    for make in (numbers.mobile, numbers.landline, numbers.broadband, numbers.account, numbers.company):
        assert len({make() for _ in range(10_000)}) == 10_000
    people = {numbers.identity("1990-01-01", gender) for gender in ("male", "female") for _ in range(5_000)}
    assert len(people) == 10_000

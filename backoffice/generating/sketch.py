"""Draws a customer: who it is, where it lives, what it holds, what it owes and complains of. No ids, no numbers yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from backoffice.generating import names, plans
from backoffice.generating.complaints import CLOSED, KINDS, OPEN, Complaint, ComplaintKind
from backoffice.generating.draws import Draw
from backoffice.generating.places import DISTRICTS, STREETS, Address, site_of
from backoffice.generating.plans import Plan
from backoffice.importing.bodies.parties import PersonName

_COMPANY_SHARE: Final = 0.15
_KEY_SHARE: Final = 0.08  # of companies
_RARE_SHARE: Final = 0.004
_LATIN_SHARE: Final = 0.03
_FIBRE_SHARE: Final = 0.55
_PHONE_SHARE: Final = 0.08
_ROAMING_SHARE: Final = 0.05
_SUSPENDED_SHARE: Final = 0.015
_DUE_SHARE: Final = 0.12
_OPEN_TICKET_SHARE: Final = 0.03
_PAST_TICKET_SHARE: Final = 0.07
_EMAIL_SHARE: Final = 0.4
_TERM_SHARE: Final = 0.5
_IN_PERSON_SHARE: Final = 0.2
_ORDER_SHARE: Final = 0.08
_ASKED_SHARE: Final = 0.1
_USAGE_SHARE: Final = 0.1
_TIERS: Final = (*["standard"] * 40, *["silver"] * 6, *["gold"] * 3, "platinum")
_MOBILE_COUNTS: Final = (*[1] * 37, *[2] * 10, *[3] * 3, 0)
_COMPANY_MOBILE_COUNTS: Final = (0, 1, 1, 2, 2, 3, 3, 4)
_ACCOUNT_COUNTS: Final = (*[1] * 15, *[2] * 4, 3)  # at most one for each plan held
_SUSPENSIONS: Final = ("unpaid", "unpaid", "customerRequest", "lost")
_OLDEST_CONTRACT: Final = 3650  # days


@dataclass(frozen=True, slots=True)
class Person:
    """A person; `latin` is the name in Latin letters, `born` an ISO 8601 date."""

    name: PersonName
    latin: str
    gender: str
    born: str
    collection: ClassVar = "individual"
    prefix: ClassVar = "I"

    @property
    def full_name(self) -> str:
        """The name as it is spoken."""
        return self.name.full


@dataclass(frozen=True, slots=True)
class Company:
    """A company by its registered and its Latin name."""

    name: str
    latin: str
    collection: ClassVar = "organization"
    prefix: ClassVar = "O"

    @property
    def full_name(self) -> str:
        """The registered name."""
        return self.name


@dataclass(frozen=True, slots=True)
class Held:
    """A plan that runs since `days` ago, bound for `months` (0: not bound); `number` only where it is hand-set."""

    plan: Plan
    days: int
    months: int = 0
    suspended: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """One customer. `due` is what it owes in CNY."""

    party: Person | Company
    tier: str
    address: Address
    held: tuple[Held, ...]
    accounts: int = 1
    due: float = 0.0
    has_email: bool = False
    complaints: tuple[Complaint, ...] = ()
    pays_in_person: bool = False
    has_ordered: bool = False
    has_asked: bool = False
    uses_data: bool = False


def draw_sketch(draw: Draw, index: int) -> Sketch:
    """A customer as they come, the one with that number."""
    is_company = draw.chance(_COMPANY_SHARE)
    held = _company_holds(draw) if is_company else _person_holds(draw)
    return Sketch(
        party=_company(draw) if is_company else _person(draw),
        tier=("key" if draw.chance(_KEY_SHARE) else "business") if is_company else draw.pick(_TIERS),
        address=_address(draw, index),
        held=held,
        accounts=min(draw.pick(_ACCOUNT_COUNTS) + (is_company and draw.chance(0.1)), len(held)),
        due=draw.between(1900, 39900) / 100 if draw.chance(_DUE_SHARE) else 0.0,
        has_email=draw.chance(_EMAIL_SHARE),
        complaints=_complaints(draw, held),
        pays_in_person=draw.chance(_IN_PERSON_SHARE),
        has_ordered=draw.chance(_ORDER_SHARE),
        has_asked=draw.chance(_ASKED_SHARE),
        uses_data=draw.chance(_USAGE_SHARE) and held[0].plan in plans.MOBILES,
    )


def _person(draw: Draw) -> Person:
    gender = "female" if draw.chance(0.5) else "male"
    born = f"{draw.between(1942, 2006)}-{draw.between(1, 12):02}-{draw.between(1, 28):02}"
    if draw.chance(_LATIN_SHARE):
        given, family = draw.pick(names.LATIN_GIVEN[gender]), draw.pick(names.LATIN_FAMILY)
        return Person(PersonName(given, family, f"{given} {family}"), f"{given} {family}", gender, born)
    surname, surname_latin = draw.pick(names.SURNAMES)
    signs, given_latin = _given(draw, names.MALE if gender == "male" else names.FEMALE)
    return Person(PersonName(signs, surname, surname + signs), f"{surname_latin} {given_latin}", gender, born)


def _given(draw: Draw, words: Sequence[names.Word]) -> names.Word:
    first, first_latin = draw.pick(names.RARE if draw.chance(_RARE_SHARE) else words)
    if draw.chance(0.4):
        return first, first_latin
    second, second_latin = draw.pick(words)
    return first + second, first_latin + second_latin.lower()


def _company(draw: Draw) -> Company:
    (first, first_latin), (second, second_latin) = draw.pick(names.COMPANY_WORDS), draw.pick(names.COMPANY_WORDS)
    industry, industry_latin = draw.pick(names.INDUSTRIES)
    latin = f"{first_latin}{second_latin.lower()} {industry_latin} Co., Ltd."
    return Company(f"杭州{first}{second}{industry}有限公司", latin)


def _address(draw: Draw, index: int) -> Address:
    district = draw.pick(DISTRICTS)
    street, latin = draw.pick(STREETS)
    room = f"{draw.between(1, 30)}幢{draw.between(1, 18)}0{draw.between(1, 4)}室"
    return Address(district, street, latin, draw.between(1, 480), room, site_of(district, index))


def _person_holds(draw: Draw) -> tuple[Held, ...]:
    held = [_held(draw, draw.pick(plans.MOBILES)) for _ in range(draw.pick(_MOBILE_COUNTS))]
    if not held or draw.chance(_FIBRE_SHARE):
        held.append(_held(draw, draw.pick(plans.FIBRES)))
    if draw.chance(_PHONE_SHARE):
        held.append(_held(draw, plans.PHONE))
    if draw.chance(_ROAMING_SHARE):
        held.append(_held(draw, plans.ROAMING))
    return tuple(held)


def _company_holds(draw: Draw) -> tuple[Held, ...]:
    held = [_held(draw, plans.LEASED_LINE if draw.chance(0.1) else plans.BUSINESS_1000)]
    held += [_held(draw, draw.pick(plans.MOBILES)) for _ in range(draw.pick(_COMPANY_MOBILE_COUNTS))]
    if draw.chance(0.5):
        held.append(_held(draw, plans.PHONE))
    return tuple(held)


def _held(draw: Draw, plan: Plan) -> Held:
    months = draw.pick((12, 24)) if draw.chance(_TERM_SHARE) else 0
    suspended = draw.pick(_SUSPENSIONS) if draw.chance(_SUSPENDED_SHARE) else ""
    return Held(plan, draw.between(20, _OLDEST_CONTRACT), months, suspended)


def _complaints(draw: Draw, held: tuple[Held, ...]) -> tuple[Complaint, ...]:
    found: list[Complaint] = []
    if draw.chance(_OPEN_TICKET_SHARE):
        found.append(Complaint(_kind(draw, held), draw.between(1, 90), draw.pick(OPEN)))
    if draw.chance(_PAST_TICKET_SHARE):
        found.append(Complaint(_kind(draw, held), draw.between(120, 8000), draw.pick(CLOSED)))
    return tuple(found)


def _kind(draw: Draw, held: tuple[Held, ...]) -> ComplaintKind:
    services = {part.kind for item in held for part in item.plan.parts}
    return draw.pick([kind for kind in KINDS if not kind.about or kind.about in services])

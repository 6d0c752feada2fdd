"""Whether an address is one that is known here (TMF673).

The known addresses that are considered are those with the submitted postcode, spelled as it is kept, else those with the
street, the name, the locality or the city. Their other parts are compared without regard to width, accents, case or blanks.
What was submitted is valid (`success`) if exactly one of them agrees with all of it, `partial` if some are considered but
not just one agrees, and otherwise it `fails`. Alternatives, if they were asked for, begin with those that agree in most.
"""

from __future__ import annotations

from typing import Final

from app.rules.folding import folded
from backoffice.rules.parts import child, id_at, text_at, without
from backoffice.rules.port import Body, Records, Rule

_COMPARED: Final = (
    *("country", "stateOrProvince", "city", "locality", "postcode", "streetName", "streetType", "streetNr"),
    *("streetNrLast", "streetNrLastSuffix", "streetNrSuffix", "streetSuffix", "name"),
)
_FOUND_BY: Final = ("postcode", "streetName", "name", "locality", "city")
_MOST_ALTERNATIVES: Final = 10


def _validated(task: Body, records: Records) -> Body:
    submitted = child(task, "submittedGeographicAddress")
    found = _candidates(submitted, records)
    exact = [address for address in found if _agreement(submitted, address) == _told(submitted)]
    others = sorted(found, key=lambda address: -_agreement(submitted, address))[:_MOST_ALTERNATIVES]
    wanted = others if task.get("provideAlternative") is True else []
    answer = {**without(task, ("validGeographicAddress",)), "state": "done", "alternateGeographicAddress": wanted}
    if len(exact) == 1:
        return {
            **answer,
            "validationResult": "success",
            "validGeographicAddress": exact[0],
            "alternateGeographicAddress": [],
        }
    return {**answer, "validationResult": "partial" if found else "fails"}


def _candidates(submitted: Body, records: Records) -> list[Body]:
    if (named := id_at(submitted)) and (known := records.get("geographicAddress", named)) is not None:
        return [known]
    for name in _FOUND_BY:
        if (text := text_at(submitted, name)) and (found := records.find("geographicAddress", {name: text})):
            return found
    return []


def _told(submitted: Body) -> int:
    return sum(1 for name in _COMPARED if text_at(submitted, name))


def _agreement(submitted: Body, address: Body) -> int:
    told = [name for name in _COMPARED if text_at(submitted, name)]
    return sum(1 for name in told if folded(text_at(submitted, name)) == folded(text_at(address, name)))


def _asked_again(before: Body, after: Body, records: Records) -> Body:
    names = ("submittedGeographicAddress", "provideAlternative")
    return _validated(after, records) if any(before.get(name) != after.get(name) for name in names) else after


VALIDATION: Final = Rule(_validated, _asked_again)

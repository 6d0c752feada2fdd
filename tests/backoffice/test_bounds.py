"""Nobody keeps the others from writing by a long list."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.bounds import LONGEST, refuse_long_lists
from backoffice.errors import BadRequestError
from backoffice.resources import RESOURCES
from tests.backoffice.contract import minimal
from tests.backoffice.office import Office

WALKED = [(name, path) for name, resource in RESOURCES.items() for path in resource.walked]


def holding(path: str, members: int) -> Any:
    """A body with so many members at a path; where that leads through lists, in two of theirs."""
    first, _, rest = path.partition(".")
    if not rest:
        return {first: [{"id": str(one)} for one in range(members)]}
    return {first: [holding(rest, members // 2), holding(rest, members - members // 2)]}


@pytest.mark.parametrize(("collection", "path"), WALKED)
def test_a_list_that_a_rule_goes_through_is_bounded(collection: str, path: str) -> None:
    resource = RESOURCES[collection]
    assert path.partition(".")[0] in {*resource.attributes, "relatedParty"}
    refuse_long_lists(resource, {}, holding(path, LONGEST))
    long = holding(path, LONGEST + 1)
    with pytest.raises(BadRequestError, match=path):
        refuse_long_lists(resource, {}, long)
    refuse_long_lists(resource, long, long)  # what a change does not touch is not its fault


def test_neither_a_new_record_nor_a_changed_one_has_such_a_list(office: Office) -> None:
    item = minimal("checkProductStock")["checkProductStockItem"][0]
    assert office.ask("checkProductStock", checkProductStockItem=[item] * LONGEST)["state"] == "done"
    with pytest.raises(BadRequestError, match="checkProductStockItem holds more than 200"):
        office.ask("checkProductStock", checkProductStockItem=[item] * (LONGEST + 1))
    visit = office.ask("appointment", **minimal("appointment"))["id"]
    team = [{"id": str(one), "role": "technician"} for one in range(LONGEST + 1)]
    with pytest.raises(BadRequestError, match="relatedParty holds more than 200"):
        office.change("appointment", visit, relatedParty=team)

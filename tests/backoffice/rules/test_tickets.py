"""What a ticket tells of its life (TMF621)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backoffice.helpers import ticket
from tests.backoffice.office import Body, Office


@pytest.fixture
def complaint(office: Office) -> str:
    """A ticket."""
    made: str = office.ask("troubleTicket", **ticket())["id"]
    return made


def moved(office: Office, complaint: str, *changes: tuple[str, str]) -> Body:
    """The ticket after these states, each for a reason if there is one."""
    for status, reason in changes:
        why: Body = {"statusChangeReason": reason} if reason else {}
        office.change("troubleTicket", complaint, status=status, **why)
    return office.get("troubleTicket", complaint)


def reasons(ticket_now: Body) -> list[Any]:
    return [one.get("changeReason") for one in ticket_now["statusChange"]]


def test_a_reason_is_that_of_one_change(office: Office, complaint: str) -> None:
    after = moved(office, complaint, ("pending", "waiting for customer"), ("inProgress", ""), ("resolved", ""))
    assert reasons(after) == [None, "waiting for customer", None, None]
    assert "statusChangeReason" not in after


def test_a_reason_that_is_given_again_is_told_again(office: Office, complaint: str) -> None:
    after = moved(office, complaint, ("pending", "waiting"), ("held", "waiting"))
    assert (reasons(after), after["statusChangeReason"]) == ([None, "waiting", "waiting"], "waiting")
    assert office.change("troubleTicket", complaint, name="Line")["statusChangeReason"] == "waiting"


def test_a_ticket_that_is_taken_up_again_is_not_resolved(office: Office, complaint: str) -> None:
    assert "resolutionDate" not in moved(office, complaint, ("resolved", ""), ("inProgress", ""))
    assert "resolutionDate" in moved(office, complaint, ("resolved", ""), ("closed", ""))

"""Messages to customers: nobody carries them, and their state says so (TMF681)."""

from __future__ import annotations

import pytest

from backoffice.errors import BadRequestError
from tests.backoffice.office import Body, Office

NOON = "2026-03-25T04:00:00.000Z"


@pytest.fixture
def message(office: Office) -> Body:
    """A message that claims to be sent already."""
    return office.ask(
        "communicationMessage",
        content="Your line is back.",
        messageType="SMS",
        receiver=[{"phoneNumber": "13800000000"}],
        sender={"name": "hall"},
        state="completed",
        sendTime=NOON,
        sendTimeComplete=NOON,
    )


def test_a_new_message_is_not_sent_whatever_it_says(message: Body) -> None:
    assert message["state"] == "initial"
    assert not {"sendTime", "sendTimeComplete"} & set(message)


def test_whoever_carries_it_says_when(office: Office, message: Body) -> None:
    sending = office.change("communicationMessage", message["id"], state="inProgress")
    assert (sending["sendTime"], "sendTimeComplete" in sending) == (NOON, False)
    told = "2026-03-25T04:00:01.000Z"
    sent = office.change("communicationMessage", message["id"], state="completed", sendTimeComplete=told)
    assert sent["sendTimeComplete"] == told
    with pytest.raises(BadRequestError, match="cannot go"):
        office.change("communicationMessage", message["id"], state="initial")

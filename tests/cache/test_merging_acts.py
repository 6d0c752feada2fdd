"""A change that somebody was quicker than: what it is merged with is written down, and what it differs from is kept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.core.certainty import Certainty
from app.core.commands import Command, There
from app.core.errors import NotAllowedError
from app.sync.merging import on_top, put_on
from app.sync.model import CommandState, Confirmed, Differs, Merged
from app.sync.outbox import Transition
from app.sync.overlay import tag_of
from tests.cache.desk_files import DeskFiles
from tests.cache.records import change, contact, gone, notes_of, ticket
from tests.fakes.acts import setting

SEEN = {**ticket("T1", notes=["first"]), "severity": "minor"}


def seen_and_changed(desk: DeskFiles, **fields: object) -> Command:
    """A clerk saw the ticket at revision 5 and changed something of it."""
    desk.build([change("troubleTicket", 5, SEEN)])
    act = setting(1, "T1", SEEN, '"e1-5"', **fields)
    desk.record(act)
    desk.mark(act.id, CommandState.SENT)
    return act


def there(revision: int = 7, **fields: object) -> There:
    """The ticket as others have made it since."""
    return There({**SEEN, **fields}, revision, "e1")


def merge(desk: DeskFiles, act: Command, found: There) -> Command:
    """What the engine does on a 412 that takes no person."""
    merged = on_top(act, found)
    assert isinstance(merged, Merged)
    desk.outbox.mark(Transition(act.id, CommandState.QUEUED, there=found, merged=merged.command))
    return merged.command


def seen(desk: DeskFiles) -> Any:
    """The ticket as the clerk sees it."""
    shown = desk.ticket("T1")
    assert shown is not None
    return shown.body


def test_what_an_act_was_merged_with_survives_and_is_shown_before_the_copy_has_it(desk: DeskFiles) -> None:
    act = seen_and_changed(desk, severity="major", note=[*SEEN["note"], {"text": "mine"}])
    merged = merge(desk, act, there(description="theirs", note=[*SEEN["note"], {"text": "theirs"}]))
    desk.close()
    desk.open()
    (entry,) = desk.outbox.unfinished()
    assert (entry.command, entry.state) == (merged, CommandState.QUEUED)
    assert merged.base_tag == '"e1-7"'
    assert (seen(desk)["severity"], seen(desk)["description"]) == ("major", "theirs")
    assert notes_of(seen(desk)) == ["first", "theirs", "mine"]
    with desk.journal.reading() as connection:
        told = connection.exec_driver_sql("SELECT author, act, subject FROM audit ORDER BY sequence DESC").first()
    assert told == ("head office", "merged", act.id)
    assert desk.broken_at() is None


def test_a_merge_with_what_an_office_holds_that_was_put_back_is_shown_once_the_copy_is_of_that_epoch(
    desk: DeskFiles,
) -> None:
    """Its revisions are counted anew: none of them is newer than one of the copy in use."""
    act = seen_and_changed(desk, severity="major")
    merge(desk, act, There({**SEEN, "description": "put back"}, 99, "e2"))
    assert "put back" not in seen(desk).values()


def test_what_came_back_into_view_stays_there_though_the_copy_has_yet_to_hear_of_it(desk: DeskFiles) -> None:
    act = seen_and_changed(desk, severity="major")
    desk.feed(gone("troubleTicket", "T1", 6))
    merge(desk, act, there(7, description="theirs"))
    desk.mark(act.id, CommandState.SENT)
    desk.confirm(act.id, Confirmed("T1", 8, None, "e1"))
    assert (seen(desk)["severity"], seen(desk)["description"]) == ("major", "theirs")


def test_an_act_merges_in_sight_of_the_clerk_as_the_copy_goes_on(desk: DeskFiles) -> None:
    seen_and_changed(desk, note=[*SEEN["note"], {"text": "mine"}])
    desk.feed(change("troubleTicket", 6, {**SEEN, "note": [*SEEN["note"], {"text": "theirs"}]}))
    assert notes_of(seen(desk)) == ["first", "theirs", "mine"]


def test_a_merge_with_what_the_copy_is_past_already_changes_nothing_of_it(desk: DeskFiles) -> None:
    act = seen_and_changed(desk, severity="major")
    desk.feed(change("troubleTicket", 8, {**SEEN, "description": "newest"}))
    merge(desk, act, there(7, description="older"))
    assert seen(desk)["description"] == "newest"


def test_a_differing_act_is_kept_with_both_versions_and_shown_as_it_was_meant(desk: DeskFiles) -> None:
    act = seen_and_changed(desk, severity="major")
    found = there(severity="critical")
    desk.outbox.mark(Transition(act.id, CommandState.CONFLICT, there=found))
    desk.close()
    desk.open()
    (pending,) = asyncio.run(desk.log.pending())
    assert (pending.certainty, pending.command, pending.there) == (Certainty.DIFFERS, act, found)
    assert seen(desk)["severity"] == "major"


def test_sent_on_top_it_goes_out_again_on_what_was_found_and_the_audit_holds_whose_word_that_was(
    desk: DeskFiles,
) -> None:
    act = seen_and_changed(desk, severity="major", note=[{"text": "mine"}])
    found = there(severity="critical", description="theirs", note=[*SEEN["note"], {"text": "theirs"}])
    desk.outbox.mark(Transition(act.id, CommandState.CONFLICT, there=found))
    desk.send_on_top(act.id)
    (entry,) = desk.outbox.unfinished()
    assert (entry.command, entry.state) == (put_on(act, found), CommandState.QUEUED)
    assert entry.command.base_tag == found.tag
    assert (seen(desk)["severity"], seen(desk)["description"]) == ("major", "theirs"), "on what was found"
    (pending,) = asyncio.run(desk.log.pending())
    assert (pending.certainty, pending.there) == (Certainty.WAITING, None)
    with desk.journal.reading() as connection:
        told = connection.exec_driver_sql("SELECT author, act, subject FROM audit ORDER BY sequence DESC").first()
    assert told == (act.author, "sent on top", act.id)
    assert entry.command.adopted_by == ""
    assert desk.broken_at() is None


def test_who_sends_somebody_elses_act_on_top_stands_for_it_and_has_to_be_allowed_to(desk: DeskFiles) -> None:
    act = seen_and_changed(desk, severity="major")
    desk.employ("li", "clerk")
    desk.employ("boss", "supervisor")
    desk.outbox.mark(Transition(act.id, CommandState.CONFLICT, there=there(severity="critical")))
    with pytest.raises(NotAllowedError):
        desk.send_on_top(act.id, "li")
    assert [one.state for one in desk.outbox.unfinished()] == [CommandState.CONFLICT]
    desk.send_on_top(act.id, "boss")
    (entry,) = desk.outbox.unfinished()
    assert (entry.state, entry.command.author, entry.command.sender) == (CommandState.QUEUED, act.author, "boss")


def test_what_has_changed_since_it_was_shown_is_not_overwritten_unseen(desk: DeskFiles) -> None:
    act = seen_and_changed(desk, severity="major")
    shown, newer = there(severity="critical"), there(8, severity="minor")
    desk.outbox.mark(Transition(act.id, CommandState.CONFLICT, there=newer))
    desk.send_on_top(act.id, tag=shown.tag)
    assert [one.state for one in desk.outbox.unfinished()] == [CommandState.CONFLICT]


def test_nothing_goes_on_top_of_what_nobody_read_what_is_gone_or_what_may_have_happened(desk: DeskFiles) -> None:
    act = seen_and_changed(desk, severity="major")
    for found in (None, There()):
        desk.outbox.mark(Transition(act.id, CommandState.CONFLICT, there=found))
        desk.send_on_top(act.id)
        assert [one.state for one in desk.outbox.unfinished()] == [CommandState.CONFLICT]
    desk.mark(act.id, CommandState.REFUSED)
    desk.send_on_top(act.id)
    assert [one.state for one in desk.outbox.unfinished()] == [CommandState.REFUSED]


def test_what_this_desk_laid_over_a_record_is_changed_under_a_tag_that_nothing_has(desk: DeskFiles) -> None:
    """Head office may refuse what was laid over it, or hold it otherwise: a change on top is compared by what it says."""
    desk.build([change("troubleTicket", 5, SEEN)])
    plain = desk.ticket("T1")
    desk.record(setting(1, "T1", SEEN, '"e1-5"', severity="major"))
    laid_over = desk.ticket("T1")
    desk.confirm("command-1", Confirmed("T1", 7))  # asked for: how head office has it is not told
    reckoned = desk.ticket("T1")
    assert [tag_of(one, "e1") for one in (plain, laid_over, reckoned) if one] == ['"e1-5"', '"e1-0"', '"e1-0"']


def test_what_waits_has_seen_what_head_office_made_of_the_act_before_it_and_nothing_of_what_others_did(
    desk: DeskFiles,
) -> None:
    first = seen_and_changed(desk, severity="major")
    expected = {**SEEN, "severity": "major"}
    desk.record(setting(2, "T1", expected, '"e1-0"', status="held"))
    merge(desk, first, there(description="theirs"))
    told = {**expected, "description": "theirs", "expectedResolutionDate": "of head office"}
    desk.confirm(first.id, Confirmed("T1", 8, told, "e1"))
    waits = desk.outbox.as_written("command-2")
    assert waits.seen == {**expected, "expectedResolutionDate": "of head office"}
    assert isinstance(on_top(waits, There(told, 8, "e1")), Differs)
    assert isinstance(on_top(waits, There(waits.seen, 8, "e1")), Merged)


@pytest.mark.parametrize("is_addition", [True, False])
def test_an_answer_that_others_may_have_had_a_part_in_shows_nobody_anything(
    desk: DeskFiles, *, is_addition: bool
) -> None:
    """An addition goes through whatever others did; somebody else's server answers with the record as it is by then."""
    first = seen_and_changed(desk, status="inProgress")
    expected = {**SEEN, "status": "inProgress"}
    if is_addition:
        desk.confirm(first.id, Confirmed("T1", 6, expected, "e1"))
        first = contact("T1", "called")
        desk.record(first)
    desk.record(setting(2, "T1", expected, '"e1-0"', status="held"))
    told = {**expected, "priority": "theirs"}
    desk.confirm(first.id, Confirmed("T1", 8, told, "e1" if is_addition else ""))
    assert desk.outbox.as_written("command-2").seen == expected


def test_a_set_aside_change_leaves_what_others_have_made_of_it(desk: DeskFiles) -> None:
    act = seen_and_changed(desk, severity="major")
    desk.outbox.mark(Transition(act.id, CommandState.CONFLICT, there=there(severity="critical")))
    desk.feed(change("troubleTicket", 7, {**SEEN, "severity": "critical"}))
    assert seen(desk)["severity"] == "major"
    desk.set_aside(act.id)
    assert seen(desk)["severity"] == "critical"

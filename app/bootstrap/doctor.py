"""`--doctor`: what a desk is made of and whether it is well, without touching anything."""

from __future__ import annotations

import getpass
import json
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

from app import VERSION
from app.bootstrap.places import Arguments, Start, start_from
from app.bootstrap.reducers import REDUCERS
from app.core.clock import SystemClock
from app.core.errors import DeskError
from app.sync.errors import MirrorDamagedError
from local_cache import audit
from local_cache.journal import Journal
from local_cache.keys.keeper import KeyKeeper, Missing
from local_cache.mirror import MirrorFile
from local_cache.mirror_store import POINTER
from local_cache.other_key import refuse_key_of_other_data
from local_cache.outbox_store import JournalOutbox
from local_cache.salvage import refuse_lost_acts
from local_cache.salvage_report import salvage_noted

_WITHOUT_KEY = {
    Missing.PASSPHRASE_NEEDED: "This desk opens with its passphrase: run this at a terminal to be asked. Nothing was checked.",
    Missing.PASSPHRASE_TO_CHOOSE: "No passphrase was chosen yet. Nothing was checked.",
    Missing.KEY_LOST: "The key of this desk is not here. Nothing was checked, nothing was changed.",
}
WELL, ILL, NOT_CHECKED = "ok", "damaged", "not checked"


@dataclass
class Findings:
    """What was found; `troubles` empty means healthy."""

    trunkline: str = VERSION
    python: str = platform.python_version()
    system: str = platform.platform()
    libraries: dict[str, str] = field(default_factory=dict)
    profile: str = ""
    back_office: str = ""
    home: str = ""
    key: str = ""
    journal: str = "none yet"
    audit_chain: str = "none yet"
    waiting: int | str = 0
    needs_you: int | str = 0
    salvage: str = ""
    mirror: str = "none yet"
    cursor: str = ""
    as_of: str = ""
    troubles: list[str] = field(default_factory=list)


def examine(arguments: Arguments) -> int:
    """Print the findings; returns 0 if the desk is healthy or was never opened, else 1."""
    findings = Findings(
        libraries={name: version(name) for name in ("pyside6-essentials", "sqlcipher3", "sqlalchemy", "httpx")}
    )
    try:
        _look(findings, start_from(arguments))
    except DeskError as error:
        findings.troubles.append(str(error))
    _print(findings, as_json=arguments.json)
    return 1 if findings.troubles else 0


def _look(findings: Findings, start: Start) -> None:
    findings.profile = str(start.profile.folder)
    findings.back_office = start.settings.text("server") or "embedded, demonstration data"
    findings.home = start.settings.text("home")
    keeper = KeyKeeper(start.profile, start.demonstration_key)
    findings.key = keeper.describe()
    if not start.profile.slots.exists() and not start.profile.holds_data():
        return
    key = _key(findings, keeper, start)
    if key is None:
        findings.journal = findings.mirror = findings.audit_chain = NOT_CHECKED
        findings.waiting = findings.needs_you = NOT_CHECKED
        return
    number = _checked(findings, "journal", lambda: _journal(findings, start, key))
    if number is None:
        findings.mirror = NOT_CHECKED
    elif number:
        _checked(findings, "mirror", lambda: _mirror(findings, start, key, number))


def _key(findings: Findings, keeper: KeyKeeper, start: Start) -> bytes | None:
    """The key, asking for the passphrase at a terminal; without one that fits the trouble is noted."""
    try:
        key = keeper.find() if start.profile.slots.exists() else Missing.KEY_LOST
        if key is Missing.PASSPHRASE_NEEDED and sys.stdin.isatty():
            key = keeper.unlock(getpass.getpass("Passphrase of this desk: "))
        if isinstance(key, bytes):
            refuse_key_of_other_data(start.profile, key)
    except DeskError as error:
        findings.troubles.append(str(error))
        return None
    if isinstance(key, bytes):
        return key
    findings.troubles.append(_WITHOUT_KEY[key])
    return None


def _checked(findings: Findings, part: str, look: Callable[[], int]) -> int | None:
    try:
        return look()
    except DeskError as error:
        setattr(findings, part, ILL)
        findings.troubles.append(f"{part}: {error}")
        return None


def _journal(findings: Findings, start: Start, key: bytes) -> int:
    """Look at the journal; returns the number of the mirror in use, 0 where there is none."""
    refuse_lost_acts(start.profile)
    if not start.profile.journal.exists():
        return 0
    clock = SystemClock()
    journal = Journal(start.profile, key, REDUCERS, clock, only_look=True)
    try:
        journal.check()
        findings.journal = WELL
        if not journal.is_made():
            return 0
        with journal.reading() as connection:
            broken = audit.first_break(connection)
        findings.audit_chain = WELL if broken is None else f"broken at entry {broken}"
        if broken is not None:
            findings.troubles.append(f"The audit chain is broken at entry {broken}.")
        findings.waiting, findings.needs_you = JournalOutbox(journal, clock).counts()
        if noted := salvage_noted(journal):
            findings.salvage = f"{noted.at}: old file kept as {noted.file}, lost acts: {noted.listed or 'none'}"
        return int(journal.meta(POINTER, "0"))
    finally:
        journal.close()


def _mirror(findings: Findings, start: Start, key: bytes, number: int) -> int:
    mirror = MirrorFile(start.profile, number, key, start.settings.text("region"), only_look=True)
    try:
        if not start.profile.mirror(number).exists():
            raise MirrorDamagedError
        state = mirror.state()
        mirror.check()
        findings.mirror = f"{WELL}, file {number}"
        findings.cursor, findings.as_of = state.cursor, state.as_of
        if state.unknown_home:
            findings.troubles.append(
                f"home: head office showed nobody in {state.unknown_home} when this copy was made."
            )
        return number
    finally:
        mirror.close()


def _print(findings: Findings, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"healthy": not findings.troubles, **asdict(findings)}, ensure_ascii=False))
        return
    for name, value in asdict(findings).items():
        if name == "troubles":
            continue
        shown = ", ".join(f"{key} {one}" for key, one in value.items()) if isinstance(value, dict) else value
        print(f"{name.replace('_', ' '):>14}  {shown if shown != '' else '–'}")
    for trouble in findings.troubles:
        print(f"{'trouble':>14}  {trouble}")
    print(f"{'verdict':>14}  {'not healthy' if findings.troubles else 'healthy'}")

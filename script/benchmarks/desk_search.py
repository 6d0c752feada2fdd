"""How long the box takes for each kind of question, beside one bare look into the same file."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from app.rules.folding import words_in
from app.rules.han import is_han, readings
from local_cache import cipher
from local_cache.journal import Journal
from local_cache.mirror_store import POINTER
from local_cache.profile import Profile
from local_cache.reader import Reader
from local_cache.records import MirrorCustomers

_QUESTIONS: Final = 300
_WARM_UP: Final = 30
_ROWS: Final = 20
_SAMPLE: Final = 'SELECT id, body FROM main."{table}" WHERE row = ?'
_BARE: Final = "SELECT key, customer_id FROM lookup WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"

Times = list[float]


async def measured(profile: Profile, key: bytes, journal: Journal, region: str) -> dict[str, dict[str, float]]:
    """Milliseconds by kind of question: median, p99, and how many rows were found for the last one."""
    reader = Reader(profile, key, lambda: int(journal.meta(POINTER, "0")), lambda: None)
    try:
        customers = MirrorCustomers(reader, region)
        questions = await reader.run(_questions)
        told = {kind: await _asked(customers, asked) for kind, asked in questions.items()}
    finally:
        reader.close()
    return {**told, "bare look at a number": _bare(profile, key, journal, questions["number"])}


async def _asked(customers: MirrorCustomers, questions: Sequence[str]) -> dict[str, float]:
    times: Times = []
    rows = 0
    for typed in [*questions[:_WARM_UP], *questions]:
        began = time.perf_counter()
        rows = len(await customers.search(typed, _ROWS))
        times.append(time.perf_counter() - began)
    return {**_summary(times[-len(questions) :]), "rows": rows}


def _bare(profile: Profile, key: bytes, journal: Journal, numbers: Sequence[str]) -> dict[str, float]:
    connection = cipher.look(profile.mirror(int(journal.meta(POINTER, "0"))), key)
    times: Times = []
    for number in [*numbers[:_WARM_UP], *numbers]:
        began = time.perf_counter()
        connection.execute(_BARE, (number, number + "\U0010ffff", _ROWS)).fetchall()
        times.append(time.perf_counter() - began)
    connection.close()
    return _summary(times[-len(numbers) :])


def _summary(times: Times) -> dict[str, float]:
    in_order = sorted(times)
    at = {"median": len(in_order) // 2, "p99": min(len(in_order) - 1, int(len(in_order) * 0.99))}
    return {name: round(in_order[place] * 1000, 2) for name, place in at.items()}


def _questions(connection: Connection) -> dict[str, list[str]]:
    """What clerks type, about what is there: some of each kind."""
    people = [(one, json.loads(body)) for one, body in _some(connection, "customer")]
    names = [body["name"] for _, body in people]
    numbers = [number for _, body in people for number in _media(body, "phoneNumber")]
    chinese = [name for name in names if name and all(is_han(sign) for sign in name)]
    found: dict[str, list[str]] = {
        "number": numbers,
        "beginning of a number": [one[:7] for one in numbers],
        "last four digits": [one[-4:] for one in numbers],
        "name": names,
        "two words of a name": [" ".join(reversed(words_in(one)[:2])) for one in names],
        "one character": [one[0] for one in chinese],
        "pinyin": ["".join(_first(sign) for sign in one) for one in chinese],
        "initials": ["".join(_first(sign)[:1] for sign in one) for one in chinese],
        "address": [place for _, body in people for place in _media(body, "street1")],
        "customer": [one for one, _ in people],
        "account": [one for one, _ in _some(connection, "billingAccount")],
        "ticket": [one for one, _ in _some(connection, "troubleTicket")],
        "identity number": [number for _, body in _some(connection, "individual") for number in _papers(body)],
        "nothing that is there": [f"zzqx{number}" for number in range(_QUESTIONS)],
    }
    return {kind: _as_many(asked) for kind, asked in found.items() if asked}


def _first(sign: str) -> str:
    return next(iter(readings(sign)), "")


def _as_many(asked: Sequence[str]) -> list[str]:
    return [asked[number % len(asked)] for number in range(_QUESTIONS)]


def _some(connection: Connection, table: str) -> list[tuple[str, Any]]:
    last = connection.exec_driver_sql(f'SELECT coalesce(max(row), 0) FROM main."{table}"').scalar_one()  # noqa: S608
    rows = random.Random(1).sample(range(1, last + 1), min(_QUESTIONS, last))  # noqa: S311 - the same in each run
    one = _SAMPLE.format(table=table)
    found = (connection.exec_driver_sql(one, (row,)).first() for row in rows)
    return [(held.id, held.body) for held in found if held is not None]


def _media(body: dict[str, Any], name: str) -> Iterator[str]:
    for medium in body.get("contactMedium", ()):
        if value := medium.get("characteristic", {}).get(name):
            yield value


def _papers(body: str) -> Iterator[str]:
    for paper in json.loads(body).get("individualIdentification", ()):
        if number := paper.get("identificationId"):
            yield number

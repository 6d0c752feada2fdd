"""A desk reduced to what sync is about: a copy that snapshot and feed make, and the cursor up to which it is exact."""

from __future__ import annotations

import json
from typing import Any

import httpx

from app.rules.checksums import digest

Row = tuple[int, Any]


class Follower:
    """Follows a back office over a client that is signed in."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.rows: dict[tuple[str, str], Row] = {}
        self.cursor = ""
        self.snapshots = 0

    def catch_up(self) -> int:
        """Pull until there is no more; a cursor that has expired is answered by a snapshot. The last status but 200."""
        status, more = 200, True
        while more:
            answer = self.client.get("/desk/v1/feed", params={"after": self.cursor})
            if answer.status_code == 410:
                status = 410
                self._start_anew()
                continue
            assert answer.status_code == 200, answer.text
            for change in answer.json()["changes"]:
                self._apply(change)
            self.cursor, more = answer.json()["cursor"], answer.json()["more"]
        assert answer.json()["checksum"] == self._checksum()
        return status

    def _start_anew(self) -> None:
        self.snapshots += 1
        self.rows.clear()
        for line in map(json.loads, self.client.get("/desk/v1/snapshot").text.splitlines()):
            if line["kind"] == "start":
                self.cursor = line["cursor"]
            if line["kind"] == "row":
                self._apply(line)

    def _apply(self, row: dict[str, Any]) -> None:
        key, revision = (row["collection"], row["id"]), row["revision"]
        if revision < self.rows.get(key, (0, None))[0]:
            return
        if row["body"] is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = (revision, row["body"])

    def _checksum(self) -> dict[str, Any]:
        total = sum(digest(*key, revision) for key, (revision, _) in self.rows.items()) % (1 << 64)
        return {"count": len(self.rows), "sum": f"{total:016x}"}

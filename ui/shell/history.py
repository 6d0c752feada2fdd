"""The pages seen, in order: Alt+Left and Alt+Right walk it."""

from __future__ import annotations

from itertools import groupby

MOST = 50


class History:
    """A line of page keys with a place on it."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._place = -1

    def visit(self, key: str) -> None:
        """Note a page that came into view; what lay ahead is forgotten. The page at the place itself changes nothing."""
        if self._keys and self._keys[self._place] == key:
            return
        self._keys = [*self._keys[: self._place + 1], key][-MOST:]
        self._place = len(self._keys) - 1

    def step(self, by: int) -> str:
        """Walk one page back (-1) or on (1); empty at the end of the line."""
        if not 0 <= self._place + by < len(self._keys):
            return ""
        self._place += by
        return self._keys[self._place]

    def forget(self, key: str) -> None:
        """Drop a page that is gone."""
        seen, ahead = self._keys[: self._place + 1], self._keys[self._place + 1 :]
        seen, ahead = ([one for one in part if one != key] for part in (seen, ahead))
        self._keys = [one for one, _ in groupby([*seen, *ahead])]
        self._place = len([*groupby(seen)]) - 1

"""The customers being served: nine places with numbers that stay."""

from __future__ import annotations

from dataclasses import dataclass, replace

MOST = 9


@dataclass(frozen=True, slots=True)
class Interaction:
    """One customer at one number. `keys` are its pages, the one last shown at the end."""

    number: int
    root: str
    keys: tuple[str, ...]

    @property
    def shown_key(self) -> str:
        """The page to come back to."""
        return self.keys[-1]


class Interactions:
    """Who is being served, by number; numbers are not handed on while their interaction is open."""

    def __init__(self) -> None:
        self._by_root: dict[str, Interaction] = {}

    def listed(self) -> list[Interaction]:
        """All, by number."""
        return sorted(self._by_root.values(), key=lambda one: one.number)

    def by_age(self) -> list[Interaction]:
        """All, the one not looked at for longest first."""
        return list(self._by_root.values())

    def of(self, key: str) -> Interaction | None:
        """The interaction that `key` is a page of."""
        return next((one for one in self._by_root.values() if key in (one.root, *one.keys)), None)

    def at(self, number: int) -> Interaction | None:
        """The interaction with that number."""
        return next((one for one in self._by_root.values() if one.number == number), None)

    def is_full(self) -> bool:
        """Whether one must be finished before another can be opened."""
        return len(self._by_root) >= MOST

    def shown(self, key: str, root: str) -> None:
        """Note that page `key` of the interaction `root` is in view. Raises StopIteration when it is new and all is full."""
        known = self._by_root.pop(root, None) or Interaction(self._free_number(), root, ())
        others = tuple(one for one in known.keys if one != key)
        self._by_root[root] = replace(known, keys=(*others, key))

    def closed(self, key: str) -> None:
        """Note that a page is gone, and the interaction with its last page."""
        known = self.of(key)
        if known is not None:
            left = tuple(one for one in known.keys if one != key)
            self._by_root.pop(known.root)
            if left:
                self._by_root[known.root] = replace(known, keys=left)

    def beside(self, key: str, step: int) -> Interaction | None:
        """The next (1) or previous (-1) interaction, around the end; from elsewhere the first or last."""
        listed = self.listed()
        if not listed:
            return None
        here = self.of(key)
        place = listed.index(here) + step if here else min(0, step)
        return listed[place % len(listed)]

    def _free_number(self) -> int:
        taken = {one.number for one in self._by_root.values()}
        return next(number for number in range(1, MOST + 1) if number not in taken)

"""What is wrong with head office's answers or the disk, kept apart by where it showed, told as one sentence."""

from __future__ import annotations


class Troubles:
    """The troubles of now. Each stays until the same place works again."""

    def __init__(self) -> None:
        self._by_place: dict[str, str] = {}

    def note(self, place: str, text: str) -> None:
        """Say what is wrong at `place`; an empty text says that it works."""
        self._by_place.pop(place, None)
        if text:
            self._by_place[place] = text

    @property
    def text(self) -> str:
        """The newest trouble, empty when all is well."""
        return next(reversed(self._by_place.values()), "")

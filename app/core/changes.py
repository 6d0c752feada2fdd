"""Tells whoever shows data that it changed, without either side knowing the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

NEW_COPY = "new copy"  # told beside the collections where all of them are those of another copy
Listener = Callable[[frozenset[str]], None]


class Changes:
    """A small bus: publishes the names of collections whose rows changed. All calls on one thread."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each set of changed collections; the returned function ends that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def publish(self, collections: Iterable[str]) -> None:
        """Tell everybody; a listener that unsubscribes while being told does no harm."""
        changed = frozenset(collections)
        for listener in tuple(self._listeners):
            listener(changed)

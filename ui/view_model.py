"""What every view-model is: one frozen state and one signal."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

State = TypeVar("State")


class ViewModel(QObject, Generic[State]):
    """Holds what a page shows; `changed` carries each new state."""

    changed = Signal(object)

    def __init__(self, state: State, parent: QObject) -> None:
        super().__init__(parent)
        self.state = state

    def _set(self, state: State) -> None:
        """Replace the state and tell the page, if there is anything new to show."""
        if state != self.state:
            self.state = state
            self.changed.emit(state)

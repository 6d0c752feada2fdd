"""What a screen reader gets: the controls with their names and roles, and what is announced without the focus moving."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
)
from PySide6.QtWidgets import QWidget

Role = QAccessible.Role
# What can be worked; a label whose words can be selected is reached too, and a panel of facts is read out as one.
SENSIBLE = {Role.Button, Role.EditableText, Role.List, Role.ListItem, Role.StaticText, Role.Border}


@dataclass(frozen=True)
class Control:
    """One thing that can be reached or pressed."""

    role: QAccessible.Role
    name: str
    kind: str

    @property
    def is_sound(self) -> bool:
        """Whether a screen reader can tell what it is."""
        return bool(self.name.strip()) and self.role in SENSIBLE


def controls(widget: QWidget) -> list[Control]:
    """Return every control in `widget` that is on the screen."""
    return [_control(node) for node in _shown(QAccessible.queryAccessibleInterface(widget)) if _can_be_worked(node)]


class Reader:
    """Hears what is announced in place of Qt's bridge to the desktop's screen reader."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[str] = []
        self.interrupted: list[str] = []
        QAccessible.setActive(True)
        monkeypatch.setattr(QAccessible, "updateAccessibility", self._hear)

    def _hear(self, event: QAccessibleEvent) -> None:
        assert isinstance(event, QAccessibleAnnouncementEvent)
        self.said.append(event.message())
        if event.politeness() is QAccessible.AnnouncementPoliteness.Assertive:
            self.interrupted.append(event.message())


def _shown(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield node
    for place in range(node.childCount()):
        child = node.child(place)
        if child.isValid() and not child.state().invisible:
            yield from _shown(child)


def _can_be_worked(node: QAccessibleInterface) -> bool:
    actions: QAccessibleActionInterface | None = node.actionInterface()
    return bool(node.state().focusable) or (actions is not None and bool(actions.actionNames()))


def _control(node: QAccessibleInterface) -> Control:
    return Control(node.role(), node.text(QAccessible.Text.Name), type(node.object()).__name__)

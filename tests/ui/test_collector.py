"""Garbage is collected on the window's thread, and only there."""

from __future__ import annotations

import gc

from PySide6.QtWidgets import QApplication

from tests.ui.desk_window import open_desk
from ui.shell.collector import collect_what_is_due


class Knot:
    """Something only the cyclic collector can free."""

    def __init__(self) -> None:
        self.itself = self


async def test_python_does_not_collect_by_itself_while_a_window_is_open(qapp: QApplication) -> None:
    async with open_desk(qapp):
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_has_grown_is_collected() -> None:
    gc.collect()
    gc.disable()
    try:
        knots = [Knot() for _ in range(2 * gc.get_threshold()[0])]
        del knots
        assert collect_what_is_due() >= 0
        assert collect_what_is_due() == -1
        assert not [one for one in gc.get_objects() if isinstance(one, Knot)]
    finally:
        gc.enable()

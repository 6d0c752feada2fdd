"""Garbage is collected on the window's thread, and only there."""

from __future__ import annotations

import gc
import weakref

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.ui.desk_window import open_desk
from ui.shell.collector import Collector, collect_what_is_due


class Knot:
    """Something only the cyclic collector can free."""

    def __init__(self) -> None:
        self.itself = self


async def test_python_does_not_collect_by_itself_while_a_window_is_open(qapp: QApplication) -> None:
    async with open_desk(qapp):
        assert not gc.isenabled()
    assert gc.isenabled()


async def test_what_was_loaded_is_looked_through_once_and_let_be(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        [ticks] = [timer.timeout for one in desk.window.findChildren(Collector) for timer in one.findChildren(QTimer)]
        knot = weakref.ref(Knot())
        ticks.emit()
        assert knot() is None
        assert gc.get_freeze_count() > 0
        knot = weakref.ref(Knot())
        gc.collect()
        assert knot() is None
    assert gc.get_freeze_count() == 0


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

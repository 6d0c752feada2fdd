"""Opening the desk's files on a computer without a keyring."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.core.words import QT_TRANSLATE_NOOP
from ui.view_model import ViewModel
from ui.workstation import Opening, Workstation

MIN_PASSPHRASE = 14  # characters


class PassphraseTooShortError(DeskError):
    """The chosen passphrase is too easy to guess."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The passphrase has {have} characters, {least} are the least. Choose a longer one."
    )


class PassphrasesDifferError(DeskError):
    """The passphrase was not typed the same way twice."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The two passphrases are not the same. Nothing was changed. Type it twice again."
    )


@dataclass(frozen=True, slots=True)
class UnlockState:
    """What the unlock page shows. The passphrase is never part of it."""

    opening: Opening
    is_busy: bool = False
    error: DeskError | None = None


class UnlockViewModel(ViewModel[UnlockState]):
    """Protects new files with a passphrase, or opens those that have one. `refused` asks for another try."""

    unlocked = Signal()
    refused = Signal()

    def __init__(self, workstation: Workstation, opening: Opening, tasks: TaskScope, parent: QObject) -> None:
        super().__init__(UnlockState(opening), parent)
        self._workstation = workstation
        self._tasks = tasks

    def choose(self, passphrase: str, again: str) -> None:
        """Protect this desk's new files with the passphrase typed twice."""
        if len(passphrase) < MIN_PASSPHRASE:
            self._refuse(PassphraseTooShortError(have=str(len(passphrase)), least=str(MIN_PASSPHRASE)))
        elif passphrase != again:
            self._refuse(PassphrasesDifferError())
        else:
            self.unlock(passphrase)

    def unlock(self, passphrase: str) -> None:
        """Open the files; while one try runs a second is dropped."""
        if self._tasks.first("unlock", self._unlock(passphrase)) is not None:
            self._set(replace(self.state, is_busy=True, error=None))

    async def _unlock(self, passphrase: str) -> None:
        try:
            await self._workstation.unlock(passphrase)
        except DeskError as error:
            self._refuse(error)
            return
        self._set(replace(self.state, is_busy=False))
        self.unlocked.emit()

    def _refuse(self, error: DeskError) -> None:
        self._set(replace(self.state, is_busy=False, error=error))
        self.refused.emit()

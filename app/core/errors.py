"""Errors meant for the clerk: what happened, what is safe, what to do next. Everything else is a bug."""

from __future__ import annotations

from typing import ClassVar

from app.core.words import QT_TRANSLATE_NOOP


class DeskError(Exception):
    """An error the clerk can act on.

    `text` is the English sentence and the key of its translation; `{names}` in it are filled from `params`,
    which may hold the clerk's own words but is never logged.
    """

    text: ClassVar[str] = QT_TRANSLATE_NOOP("errors", "That did not work. Nothing was changed. Try again.")

    def __init__(self, **params: str) -> None:
        super().__init__(type(self).__name__)
        self.params = params

    def __str__(self) -> str:
        return self.text.format(**self.params) if self.params else self.text


class StorageFullError(DeskError):
    """The disk took no more: nothing was saved by the act that raised this."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The disk is full, so this was not saved. What was saved before is safe. Free some space, try again."
    )


class StorageError(DeskError):
    """The disk failed while writing: nothing was saved by the act that raised this."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The disk did not take this, so it was not saved. Your form is kept. Try again, or call IT."
    )


class BackOfficeUnreachableError(DeskError):
    """No answer from head office; work that needs none goes on."""

    text = QT_TRANSLATE_NOOP(
        "errors", "Head office cannot be reached. What you saved is safe and is sent when the line is back."
    )


class NeverSentError(BackOfficeUnreachableError):
    """There was no line to send anything on, so nothing was sent."""


class BackOfficeRefusedError(DeskError):
    """Head office answered, and the answer was no."""

    text = QT_TRANSLATE_NOOP(
        "errors", "Head office refused this: {reason}. Your form is kept. Change it, send it again."
    )


class BackOfficeAnswerError(DeskError):
    """Head office answered something that cannot be understood; nothing of it was used."""

    text = QT_TRANSLATE_NOOP(
        "errors", "Head office sent an answer that makes no sense. Nothing was changed here. Tell IT if it stays."
    )


class NotAllowedError(DeskError):
    """The signed-in role lacks the permission."""

    text = QT_TRANSLATE_NOOP("errors", "Your role may not do this. Ask a supervisor.")

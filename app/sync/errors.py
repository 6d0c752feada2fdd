"""What can go wrong between desk and head office that only the engine handles."""

from __future__ import annotations

from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError, DeskError
from app.core.words import QT_TRANSLATE_NOOP


class CursorExpiredError(DeskError):
    """The feed cannot go on from the desk's cursor: a new snapshot is needed."""


class GrantEndedError(DeskError):
    """Head office no longer accepts the grant."""

    text = QT_TRANSLATE_NOOP("errors", "Your sign-in has ended. What you saved is safe. Sign in again to send it.")


class OfficeReplacedError(GrantEndedError):
    """The back office that the desk brings along is another one than the one its unfinished acts are for."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The demonstration's data was made anew. What still waits here is for the old data; it is kept and not sent. "
        "Start with another --profile.",
    )


class BusyError(BackOfficeUnreachableError):
    """Head office asks to come back later."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__()
        self.seconds = seconds


class NoDeskExtensionError(BackOfficeAnswerError):
    """What answers has no desk extension: somebody else's back office, or one that has lost its way."""


class NoProfileError(DeskError):
    """Head office has no such customer, or none that its clerk may see."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "Head office has no such customer for you any more. Nothing was changed. Search again by another number.",
    )


class HomeUnknownError(DeskError):
    """A territory of the desk's home is one in which head office shows its clerk nobody; it may be misspelt."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "Head office knows nobody in a territory that is this desk's home. Work goes on; many may not be at this desk. "
        "Tell IT: the setting home may be misspelt.",
    )


class MakingCopyError(DeskError):
    """Customers from elsewhere come only into a copy that is complete."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "This desk is making a new copy. Nothing was changed. Whoever is not at this desk can be opened once it is complete.",
    )


class SyncStoppedError(DeskError):
    """Syncing stopped, since something was wrong here."""

    text = QT_TRANSLATE_NOOP(
        "errors", "Exchange with head office is stopped, so nobody can be fetched. What you saved is safe. Call IT."
    )


class MirrorDamagedError(DeskError):
    """The local copy cannot be read; it is being built again."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The local copy was damaged and is being built again. What you saved is safe. Search works again soon.",
    )


class MirrorDiffersError(MirrorDamagedError):
    """The copy holds something else than head office says it should; it is being built again."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The local copy did not match head office and is being built again. What you saved is safe. "
        "Look again before you rely on what you see.",
    )

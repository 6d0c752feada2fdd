"""Why a request is refused, in the words and the HTTP status that its sender gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class RefusedError(Exception):
    """Nothing was changed. `reason` goes to the client, so it never holds what others wrote."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "badRequest"

    def __init__(
        self, reason: str, headers: Mapping[str, str] | None = None, told: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(reason)
        self.told = dict(told or {})  # what else the answer says, by name
        self.reason = reason
        self.headers = dict(headers or {})


class BadRequestError(RefusedError):
    """The request cannot be understood, or breaks a rule."""


class NotSignedInError(RefusedError):
    """No token, or one that is unknown or has expired; also wrong credentials."""

    status = 401
    code = "notSignedIn"

    def __init__(self, reason: str = "Sign in first.") -> None:
        super().__init__(reason, {"WWW-Authenticate": "Bearer"})


class NotEnrolledError(NotSignedInError):
    """The machine is no desk that is enrolled, or did not prove to be the one it says it is."""

    code = "notEnrolled"

    def __init__(self) -> None:
        super().__init__("This desk has to be enrolled. Ask for a code.")


class ShutOutError(NotSignedInError):
    """The desk was revoked."""

    code = "deviceRevoked"

    def __init__(self) -> None:
        super().__init__("This desk was shut out.")


class WipeError(NotSignedInError):
    """The desk was revoked and is to wipe what it holds."""

    code = "wipe"

    def __init__(self, device: str) -> None:
        super().__init__("This desk has to wipe what it holds, and say so.")
        self.device = device


class ForbiddenError(RefusedError):
    """The role lacks the permission."""

    status = 403
    code = "forbidden"


class NotFoundError(RefusedError):
    """There is nothing at this address, or no longer."""

    status = 404
    code = "notFound"


class WrongMethodError(RefusedError):
    """The address does not take this method."""

    status = 405
    code = "methodNotAllowed"

    def __init__(self, allowed: str) -> None:
        super().__init__(f"This address takes {allowed}.", {"Allow": allowed})


class NotAcceptableError(RefusedError):
    """The client takes no JSON, and there is nothing else."""

    status = 406
    code = "notAcceptable"

    def __init__(self) -> None:
        super().__init__("Answers are application/json. Accept that.")


class ConflictError(RefusedError):
    """The request does not fit what is there now, or what is being done now."""

    status = 409
    code = "conflict"


class FiledElsewhereError(ConflictError):
    """Another desk has done what this one is asked to do, under the same key."""

    code = "filedElsewhere"

    def __init__(self, author: str) -> None:
        super().__init__("Another desk has filed this already.", told={"author": author})


class ElsewhereError(RefusedError):
    """It is not here, and it is somewhere else."""

    status = 410
    code = "elsewhere"


class ExpiredCursorError(RefusedError):
    """The cursor belongs to another epoch: a new snapshot is needed."""

    status = 410
    code = "cursorExpired"


class ForgottenKeyError(RefusedError):
    """The act under this key had ended, as its desk said, and what it led to is not kept any more."""

    status = 410
    code = "keyForgotten"


class ChangedError(RefusedError):
    """Somebody changed the resource since the client saw it."""

    status = 412
    code = "changed"


class TooLargeError(RefusedError):
    """The body is larger than any honest request."""

    status = 413
    code = "tooLarge"


class WrongMediaTypeError(RefusedError):
    """The body is of a type that this address does not read."""

    status = 415
    code = "unsupportedMediaType"


class KeyReusedError(RefusedError):
    """The idempotency key belongs to another request."""

    status = 422
    code = "keyReused"


class PreconditionNeededError(RefusedError):
    """A registered desk must say which revision it saw."""

    status = 428
    code = "preconditionRequired"


class UnavailableError(RefusedError):
    """The database took or gave nothing this time: busy for long, or the disk is full."""

    status = 503
    code = "unavailable"

    def __init__(self, reason: str = "The database does not answer. Nothing was changed. Try again.") -> None:
        super().__init__(reason, {"Retry-After": "5"})


class UncertainError(UnavailableError):
    """The database did not say whether it took it: alone among refusals, this one may have been done."""

    def __init__(self) -> None:
        super().__init__(
            "The database did not answer. It may or may not have been done: look first, or send it again with the same "
            "Idempotency-Key."
        )


class TooManyAttemptsError(RefusedError):
    """Too many failed sign-ins; `Retry-After` says when the next may come."""

    status = 429
    code = "tooManyAttempts"

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many attempts. Wait, then try again.", {"Retry-After": str(seconds)})

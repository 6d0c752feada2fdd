"""Argon2id, imported only by those who sign in with a password."""

from __future__ import annotations

import secrets
from functools import cache


def hashed(password: str) -> str:
    """Hash with Argon2id and the library's parameters of RFC 9106; takes tens of milliseconds."""
    from argon2 import PasswordHasher  # noqa: PLC0415 - not needed to start

    return PasswordHasher().hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; without a hash the same time passes, so that it does not tell who exists."""
    from argon2 import PasswordHasher, exceptions  # noqa: PLC0415 - not needed to start

    nobody = _nobodys_hash()  # made before anything is compared, on whoever's first sign-in it is
    try:
        PasswordHasher().verify(password_hash or nobody, password)
    except (exceptions.VerificationError, exceptions.InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    return hashed(secrets.token_hex())

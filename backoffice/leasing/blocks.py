"""A block as a desk holds it: text that the back office signed, so that it knows its own word again after a restore."""

from __future__ import annotations

import base64
from enum import StrEnum

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backoffice.errors import BadRequestError

_NOT_OURS = "This block was not signed here."


class Kind(StrEnum):
    """What may be leased. Numbers and SIM cards are resources of that category, receipt numbers are counted."""

    PHONE_NUMBER = "phoneNumber"
    SIM_CARD = "simCard"
    RECEIPT = "receipt"


class Item(msgspec.Struct, frozen=True):
    """One of a block: the resource's id, or the receipt number; and what a clerk reads."""

    id: str
    value: str


class Block(msgspec.Struct, frozen=True, rename="camel"):
    """What a desk was given, whole; a higher `number` was given out later."""

    id: str
    number: int
    kind: Kind
    items: tuple[Item, ...]
    holder: str
    office: str
    epoch: str
    issued_at: str
    expires_at: str


class Signer:
    """Signs blocks (Ed25519) and knows them again."""

    def __init__(self, seed: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))

    @property
    def public(self) -> str:
        """With which a desk checks what was signed."""
        return _written(self._key.public_key().public_bytes_raw())

    def sign(self, block: Block) -> tuple[str, str]:
        """The block as text, and the signature on just that text."""
        text = msgspec.json.encode(block)
        return text.decode(), _written(self._key.sign(text))

    def read(self, text: str, signature: str) -> Block:
        """The block in a text that was signed here. Raises BadRequestError."""
        try:
            self._key.public_key().verify(base64.b64decode(signature, validate=True), text.encode())
        except (InvalidSignature, ValueError) as error:
            raise BadRequestError(_NOT_OURS) from error
        return content(text)


def content(text: str) -> Block:
    """The block in a text that is known to be signed here."""
    return msgspec.json.decode(text, type=Block)


def _written(raw: bytes) -> str:
    return base64.b64encode(raw).decode()

"""Boxes for the desks of a hall: whoever keeps one on the way cannot open it (docs/adr/0027-drafts-parked-in-boxes.md).

The draft is encrypted once, with a key of its own (AES-256-GCM). That key is encrypted for each desk, with what X25519 makes of
the box's own secret key and the desk's public one; so a box is bound to its draft and to its desks.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.clock import from_wire, to_wire
from app.core.drafts import Draft
from app.core.errors import BackOfficeAnswerError
from app.drafts.model import DraftUnreadableError

VERSION = 1
_KEY_BYTES, _NONCE_BYTES = 32, 12
_ONCE = bytes(_NONCE_BYTES)  # each key that this goes with encrypts one thing only


def new_secret() -> bytes:
    """A secret key for a desk."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_of(secret: bytes) -> str:
    """Its public half, as head office tells it to the desks of the hall."""
    return _text(X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw())


def sealed(draft: Draft, keys: Mapping[str, str]) -> str:
    """The box of a draft for these desks; one whose key is none gets nothing. Never a box that nobody could open."""
    own, content_key, nonce = (
        X25519PrivateKey.generate(),
        secrets.token_bytes(_KEY_BYTES),
        secrets.token_bytes(_NONCE_BYTES),
    )
    wrapped = {}
    for device, key in keys.items():
        try:
            shared = own.exchange(X25519PublicKey.from_public_bytes(_bytes(key)))
        except ValueError:
            continue
        wrapped[device] = _text(AESGCM(_derived(shared, draft.id, device)).encrypt(_ONCE, content_key, None))
    if not wrapped:
        raise ValueError("A box has to be for somebody.")
    body = AESGCM(content_key).encrypt(nonce, _written(draft), draft.id.encode())
    ephemeral = _text(own.public_key().public_bytes_raw())
    return json.dumps(
        {"version": VERSION, "ephemeral": ephemeral, "nonce": _text(nonce), "body": _text(body), "keys": wrapped}
    )


def opened(box: str, draft_id: str, device: str, secret: bytes) -> Draft:
    """The draft in a box. Raises DraftUnreadableError where it is not for this desk, BackOfficeAnswerError where it is no box."""
    try:
        held: Any = json.loads(box)
        wrapped = held["keys"].get(device)
        if wrapped is None:
            raise DraftUnreadableError
        shared = X25519PrivateKey.from_private_bytes(secret).exchange(
            X25519PublicKey.from_public_bytes(_bytes(held["ephemeral"]))
        )
        content_key = AESGCM(_derived(shared, draft_id, device)).decrypt(_ONCE, _bytes(wrapped), None)
        return _read(
            draft_id, AESGCM(content_key).decrypt(_bytes(held["nonce"]), _bytes(held["body"]), draft_id.encode())
        )
    except InvalidTag as error:  # this desk has had another key since, or somebody has changed the box
        raise DraftUnreadableError from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BackOfficeAnswerError from error


def _derived(shared: bytes, draft_id: str, device: str) -> bytes:
    info = json.dumps(["trunkline draft", VERSION, draft_id, device]).encode()
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=info).derive(shared)


def _written(draft: Draft) -> bytes:
    return json.dumps({
        "kind": draft.kind, "version": draft.version, "author": draft.author, "begunAt": to_wire(draft.begun_at),
        "body": draft.body, "customerId": draft.customer_id, "customerName": draft.customer_name,
        "subject": draft.subject,
    }).encode()  # fmt: skip


def _read(draft_id: str, content: bytes) -> Draft:
    held: Any = json.loads(content)
    if not isinstance(held["body"], dict):
        raise BackOfficeAnswerError
    return Draft(
        draft_id, str(held["kind"]), int(held["version"]), str(held["author"]), from_wire(held["begunAt"]), held["body"],
        str(held["customerId"]), str(held["customerName"]), str(held["subject"]),
    )  # fmt: skip


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)

"""What only certain roles see in full: where it stands in a resource, and the permission that it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from app.core.permissions import Permission


@dataclass(frozen=True)
class Mask:
    """Everything under an attribute path (through arrays), for roles without the permission that it `needs`.

    `kept` are members under it that everybody sees. `names`: only where the member that holds the last step of the path has
    one of these as its `name`, however it is spelled and numbered (`PUK 2`).
    """

    path: str
    needs: Permission
    kept: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The path's members."""
        return tuple(self.path.split("."))

    @property
    def attribute(self) -> str:
        """The resource's own attribute in which it lies."""
        return self.steps[0]

    def is_meant(self, member: Mapping[str, Any]) -> bool:
        """Whether this is a member whose value is masked."""
        return not self.names or _bare(member.get("name")) in self.names

    def covers(self, path: str) -> bool:
        """Whether a question about this path would be one about what is masked."""
        steps, mine = tuple(path.split(".")), len(self.steps)
        return steps[:mine] == self.steps and not (len(steps) > mine and steps[mine] in self.kept)


def masks(written: str, needs: Permission, *, kept: str = "", names: Iterable[str] = ()) -> tuple[Mask, ...]:
    """Masks in shorthand: `birthDate individualIdentification.identificationId`."""
    return tuple(Mask(path, needs, frozenset(kept.split()), frozenset(names)) for path in written.split())


def in_characteristics(attribute: str) -> tuple[Mask, ...]:
    """What must be masked among values that go by their names: a list of characteristics."""
    found = (masks(f"{attribute}.value", needs, names=names) for needs, names in _NAMES.items())
    return tuple(one for some in found for one in some)


def _bare(name: Any) -> str:
    signs = "".join(sign for sign in name.casefold() if sign.isalnum()) if isinstance(name, str) else ""
    return signs.rstrip("0123456789")


_NAMES: Final = {
    Permission.REVEAL_CONTACTS: ("number", "phonenumber", "msisdn", "callednumber", "callingnumber", "email"),
    Permission.REVEAL_IDENTITY: ("imsi", "iccid", "imei", "birthdate", "identificationid"),
    Permission.REVEAL_SECRETS: ("puk", "pukcode", "pin", "pincode", "ki", "opc", "password", "cardnumber", "iban"),
}
_PLACE: Final = "city stateOrProvince country contactType"
_ADDRESS: Final = "id href role city locality stateOrProvince country"
_MEANS: Final = (
    "accountNumber authorizationCode cardNumber checkId cvv details expirationDate iban mandateId nameOnCard owner "
    "reference signature token walletId walletUrl"
)

CONTACT_MEDIA: Final = masks("contactMedium.characteristic", Permission.REVEAL_CONTACTS, kept=_PLACE)
PERSON: Final = masks(
    "birthDate deathDate placeOfBirth disability individualIdentification.identificationId "
    "individualIdentification.attachment taxExemptionCertificate.certificateNumber",
    Permission.REVEAL_IDENTITY,
)
COMPANY: Final = masks(
    "organizationIdentification.identificationId organizationIdentification.attachment "
    "taxExemptionCertificate.certificateNumber",
    Permission.REVEAL_IDENTITY,
)
NUMBERS: Final = masks("logicalResource", Permission.REVEAL_CONTACTS)
INDEX_NUMBERS: Final = masks("phones", Permission.REVEAL_CONTACTS)
RECEIVING_NUMBER: Final = masks("receiverLogicalResource", Permission.REVEAL_CONTACTS)
MEANS_OF_PAYING: Final = masks(_MEANS, Permission.REVEAL_SECRETS)
CREDIT_LIMIT: Final = masks("creditLimit", Permission.REVEAL_CREDIT, kept="unit units")
CREDIT_PROFILE: Final = masks("creditProfile", Permission.REVEAL_CREDIT)
CREDIT_RATING: Final = masks("creditRating", Permission.REVEAL_CREDIT)


def places(written: str) -> tuple[Mask, ...]:
    """Where somebody lives or has something: places and addresses, referred to by name or written out."""
    return masks(written, Permission.REVEAL_CONTACTS, kept=_ADDRESS)


def means_under(attribute: str) -> tuple[Mask, ...]:
    """A means of paying that is written out in another resource."""
    return masks(" ".join(f"{attribute}.{name}" for name in _MEANS.split()), Permission.REVEAL_SECRETS)

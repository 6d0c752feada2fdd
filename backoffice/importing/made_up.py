"""What an import makes up because it is asked to, always by a seed: contacts of customers, and the devices they hang on."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from backoffice.importing.contacts import ContactMaker
from backoffice.importing.customers import SourceCustomer


class Attachment:
    """Says which device of the network serves a customer. No file knows: it is drawn, the same for a whole postal code."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._devices: set[str] = set()
        self._order: list[str] = []

    def saw(self, device: str) -> None:
        """There is such a device. All of them must have been seen before the first customer is attached."""
        self._devices.add(device)

    def device_of(self, customer: SourceCustomer) -> str:
        """The device, or nothing where the network has none."""
        if len(self._order) != len(self._devices):
            self._order = sorted(self._devices)
        where = customer.place.postal_code or customer.id
        drawn = int.from_bytes(blake2b(f"{self._seed}:{where}".encode(), digest_size=8).digest())
        return self._order[drawn % len(self._order)] if self._order else ""


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Nothing, unless asked for."""

    contacts: ContactMaker | None = None
    attachment: Attachment | None = None

"""Products and services as a clerk sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.money import Money


@dataclass(frozen=True, slots=True)
class Service:
    """A working service: a line, an access, an add-on. `account` is the billing account it is paid on."""

    id: str
    name: str
    kind: str
    number: str
    state: str
    place: str
    account: str = ""
    since: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether the service works as far as the inventory knows."""
        return self.state in ("active", "")


@dataclass(frozen=True, slots=True)
class Product:
    """Something bought: its name, state, monthly price and since when."""

    id: str
    name: str
    status: str
    monthly: Money | None
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything one customer holds."""

    services: tuple[Service, ...] = ()
    products: tuple[Product, ...] = ()

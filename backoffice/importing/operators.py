"""Mobile networks of the world by country and network code: whose a roaming customer's number is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from backoffice.documents import Document
from backoffice.importing.account import Account
from backoffice.importing.bodies.network import resource
from backoffice.importing.bodies.parts import characteristic
from backoffice.importing.table import FileUnusableError

FILE: Final = "mcc_mnc_list.json"
_MOST_BYTES: Final = 20_000_000  # a list is held whole
_KEPT: Final = ("type", "countryName", "countryCode", "mcc", "mnc", "brand", "operator", "status", "bands")


class OperatorList:
    """The list, read whole."""

    def __init__(self, content: bytes, entries: list[msgspec.Raw]) -> None:
        self.size = len(content)
        self._content = content
        self._entries = entries

    def documents(self, account: Account) -> Iterator[Document]:
        """A network for each entry; the same codes given out twice are told apart by their place in the list."""
        account.read(self.size)
        seen: dict[str, int] = {}
        for line, raw in self._with_lines():
            entry = msgspec.json.decode(raw)
            codes = _codes(entry)
            if codes is None:
                account.refuse(FILE, line, "mcc", raw.decode(errors="replace"), "no country and network code")
                continue
            account.took()
            seen[codes] = seen.get(codes, 0) + 1
            again = f"-{seen[codes]}" if seen[codes] > 1 else ""
            yield _network(f"PLMN-{codes}{again}", codes, entry)

    def _with_lines(self) -> Iterator[tuple[int, bytes]]:
        """Each entry with the line that it begins on."""
        line, at = 1, 0
        for raw in map(bytes, self._entries):
            begins = self._content.index(raw, at)
            line += self._content.count(b"\n", at, begins)
            yield line, raw
            at = begins + len(raw)
            line += self._content.count(b"\n", begins, at)


@contextmanager
def opened(path: Path) -> Iterator[OperatorList]:
    """Read the list. Raises FileUnusableError."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise FileUnusableError(f"{path}: larger than {_MOST_BYTES} bytes")
        content = path.read_bytes()
        entries = msgspec.json.decode(content, type=list[msgspec.Raw])
    except OSError as error:
        raise FileUnusableError(f"{path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise FileUnusableError(f"{path}: not a JSON list") from error
    yield OperatorList(content, entries)


def _codes(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return None
    country, network = (entry.get(name) or "" for name in ("mcc", "mnc"))
    return f"{country}-{network or 'x'}" if isinstance(country, str) and country.isdecimal() else None


def _network(resource_id: str, codes: str, entry: dict[str, Any]) -> Document:
    texts = {name: str(entry.get(name) or "") for name in _KEPT}
    name = texts["brand"] or texts["operator"] or codes
    return resource(
        resource_id,
        name,
        category="publicLandMobileNetwork",
        description=" · ".join(part for part in (name, texts["countryName"], codes) if part),
        characteristics=[characteristic(one, value) for one, value in texts.items()],
        usage="active" if texts["status"].casefold() == "operational" else "idle",
    )

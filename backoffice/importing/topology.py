"""Operators' backbones: every GraphML file is a network, its nodes and links are resources; a row is a node or a link.

An attribution stands on every network, as the collection's licence (CC BY 4.0) asks. Nodes come before the links between
them. A file that breaks off is refused from there on; what came before stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from backoffice.documents import Document
from backoffice.importing.account import Account
from backoffice.importing.bodies.network import resource
from backoffice.importing.bodies.parts import Json, characteristic, place
from backoffice.importing.graphml import Element, NotGraphMLError, elements
from backoffice.importing.reading import parse_number
from backoffice.importing.table import FileUnusableError

CREDIT: Final = "Internet Topology Zoo (Knight et al., IEEE JSAC 2011), CC BY 4.0"
_AXES: Final = (("Latitude", 90), ("Longitude", 180))


class TopologyFolder:
    """Every GraphML file of a folder, in the order of their names."""

    def __init__(self, folder: Path) -> None:
        self._files = sorted(folder.glob("*.graphml"))
        self.size = sum(file.stat().st_size for file in self._files)

    def documents(self, account: Account) -> Iterator[Document]:
        """Networks, nodes and links."""
        for file in self._files:
            account.read(file.stat().st_size)
            network = _Network(file, account)
            try:
                for element in elements(file):
                    yield from network.documents_of(element)
            except NotGraphMLError as error:
                account.refuse(file.name, error.line, "", "", str(error))


@contextmanager
def opened(folder: Path) -> Iterator[TopologyFolder]:
    """Look at the folder. Raises FileUnusableError."""
    if not folder.is_dir():
        raise FileUnusableError(f"{folder}: a folder is needed")
    yield TopologyFolder(folder)


class _Network:
    """One file's network as it is read."""

    def __init__(self, file: Path, account: Account) -> None:
        self._file = file.name
        self._key = f"NET-{file.stem}"
        self._name = file.stem
        self._account = account
        self._nodes: dict[str, str] = {}
        self._links: Counter[str] = Counter()

    def documents_of(self, element: Element) -> Iterator[Document]:
        if element.kind == "graph":
            yield self._network(element)
        elif element.kind == "node":
            yield from self._node(element)
        else:
            yield from self._link(element)

    def _network(self, graph: Element) -> Document:
        self._name = graph.values.get("Network") or self._name
        marks = [characteristic("source", CREDIT), characteristic("year", graph.values.get("DateYear", ""))]
        words = f"Backbone of {self._name}. {CREDIT}"
        return resource(self._key, self._name, category="backboneNetwork", description=words, characteristics=marks)

    def _node(self, node: Element) -> Iterator[Document]:
        node_id = node.attributes.get("id", "")
        if not node_id or node_id in self._nodes:
            reason = "an earlier node has this id" if node_id else "a node without an id"
            self._refuse(node, "id", node_id, reason)
            return
        self._account.took()
        name = self._nodes[node_id] = node.values.get("label") or f"Node {node_id}"
        where = _position(node)
        yield resource(
            self._id(node_id),
            name,
            category="networkNode",
            description=f"{name}, {self._name}",
            characteristics=[*where, characteristic("country", node.values.get("Country", ""))],
            relations=[("isPartOf", self._key, self._name)],
            place=place("site", self._id(node_id), name) if where else None,
        )

    def _link(self, link: Element) -> Iterator[Document]:
        ends = [link.attributes.get(side, "") for side in ("source", "target")]
        for side, end in zip(("source", "target"), ends, strict=True):
            if end not in self._nodes:
                self._refuse(link, side, end, "a link to no node")
                return
        self._account.took()
        key = f"{ends[0]}-{ends[1]}"
        self._links[key] += 1
        name = " – ".join(self._nodes[end] for end in ends)
        label = link.values.get("LinkLabel", "")
        yield resource(
            f"{self._key}-L-{key}-{self._links[key]}",
            name,
            category="networkLink",
            description=label or name,
            characteristics=[characteristic("label", label)],
            relations=[("connects", self._id(end), self._nodes[end]) for end in ends],
        )

    def _refuse(self, element: Element, field: str, value: str, reason: str) -> None:
        self._account.refuse(self._file, element.line, field, value, reason)

    def _id(self, node: str) -> str:
        return f"{self._key}-{node}"


def _position(node: Element) -> list[Json]:
    """Where a node is; nothing unless the file says both, and a place in this world."""
    marks: list[Json] = []
    for axis, limit in _AXES:
        value = parse_number(node.values.get(axis, ""))
        if value is None or abs(value) > limit:
            return []
        marks.append(characteristic(axis.casefold(), value))
    return marks

"""Reads a GraphML file as a stream: its graph, nodes and edges, each with the line it begins on and its named values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

_BLOCK: Final = 1 << 16
_SPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_KINDS: Final = frozenset({"graph", "node", "edge"})
_MOST_PIECES: Final = 16  # of a value; a piece is as long as the parser's buffer at most


class NotGraphMLError(Exception):
    """The file breaks off here; `line` is where, the text says why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class Element:
    """A graph, a node or an edge."""

    kind: str
    line: int
    attributes: Mapping[str, str]
    values: dict[str, str] = field(default_factory=dict)


def elements(path: Path) -> Iterator[Element]:
    """The graph, then nodes and edges as they end. Raises NotGraphMLError where the file breaks off."""
    reader = _Reader()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            reader.feed(block)
            yield from reader.taken()
            reader.raise_fault()
    reader.feed(b"", is_last=True)
    yield from reader.taken()
    reader.raise_fault()


class _Reader:
    def __init__(self) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.buffer_text = True
        self._parser = parser
        self._names: dict[str, str] = {}
        self._open: list[Element] = []
        self._ready: list[Element] = []
        self._value: tuple[str, list[str]] | None = None
        self._fault: NotGraphMLError | None = None
        self._has_root = False
        self._has_graph = False

    def feed(self, block: bytes, *, is_last: bool = False) -> None:
        try:
            self._parser.Parse(block, is_last)
        except expat.ExpatError as error:
            self._fault = NotGraphMLError(error.lineno, expat.ErrorString(error.code))
        except NotGraphMLError as error:
            self._fault = error

    def taken(self) -> list[Element]:
        """What is complete since this was last asked, also before a fault."""
        ready, self._ready = self._ready, []
        return ready

    def raise_fault(self) -> None:
        if self._fault:
            raise self._fault

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        if not self._has_root and (space, name) != (_SPACE, "graphml"):
            raise NotGraphMLError(self._parser.CurrentLineNumber, "not a GraphML file")
        self._has_root = True
        if name == "key":
            self._names[attributes.get("id", "")] = attributes.get("attr.name", "")
        elif name in _KINDS:
            self._give_graph()
            self._open.append(Element(name, self._parser.CurrentLineNumber, attributes))
        elif name == "data" and self._open:
            self._value = (self._names.get(attributes.get("key", ""), ""), [])

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "data" and self._value is not None and self._open:
            self._open[-1].values[self._value[0]] = "".join(self._value[1]).strip()
            self._value = None
        elif name in _KINDS:
            self._give_graph()
            one = self._open.pop()
            if one.kind != "graph":
                self._ready.append(one)

    def _text(self, text: str) -> None:
        if self._value is not None and len(self._value[1]) < _MOST_PIECES:
            self._value[1].append(text)

    def _give_graph(self) -> None:
        """The graph that was opened first is complete, as far as it is of use, once something begins in it or it ends."""
        if not self._has_graph and self._open:
            self._has_graph = True
            self._ready.append(self._open[-1])

    def _refuse_doctype(self, *_: object) -> None:
        raise NotGraphMLError(self._parser.CurrentLineNumber, "it defines a document type of its own")

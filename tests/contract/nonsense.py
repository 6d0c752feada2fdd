"""Answers that no head office should give, as they come over the wire."""

from __future__ import annotations

import gzip
import json

from tests.fakes.hostile_office import EPOCH, Nasty, answer, drips, hangs, says

MB = 1024 * 1024
START = json.dumps({"kind": "start", "epoch": EPOCH, "cursor": f"{EPOCH}.0", "total": 3}).encode() + b"\n"
HTML = b"<html><body>Sign in to the hotel network</body></html>"
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
BOMB = gzip.compress(b" " * (300 * MB))
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
LINES = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


def row(body: object, **more: object) -> bytes:
    """A row line of a snapshot."""
    line = {"kind": "row", "collection": "troubleTicket", "id": "T1", "revision": 1, "body": body, **more}
    return json.dumps(line).encode() + b"\n"


def feed(changes: object, **more: object) -> bytes:
    return answer({"changes": changes, "cursor": f"{EPOCH}.1", "more": False, **more})


def changed(raw_body: str, **more: object) -> bytes:
    """A feed with one change, whose body is this text."""
    change = {"collection": "troubleTicket", "id": "T1", "revision": 1, "body": "BODY", **more}
    text = json.dumps({"changes": [change], "cursor": f"{EPOCH}.1", "more": False})
    return answer(text.replace('"BODY"', raw_body).encode())


def snapshot(*lines: bytes) -> bytes:
    return answer(START + b"".join(lines), media="application/x-ndjson")


EVERYWHERE: dict[str, bytes] = {
    "HTML with 200": answer(HTML, media="text/html"),
    "HTML called JSON": answer(HTML),
    "truncated JSON": answer(b'{"id": "T1", "cha'),
    "nothing at all": b"",
    "not HTTP": b"220 smtp.example.net ready\r\n",
    "half a header": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "closed in the middle": HEAD.replace(b"\r\n\r\n", b"\r\nContent-Length: 5000\r\n\r\n") + b'{"id": "T1"',
    "garbage in chunks": HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n") + b"zz\r\nhello\r\n",
    "a body that is a list": answer([1, 2]),
    "a body that is null": answer(None),
    "an empty object": answer({}),
    "no body": answer(b""),
    "an empty success": answer(b"", "204 No Content"),
    "too deep": answer(DEEP),
    "deep enough to hurt": answer(b'{"a":' * 200 + b"1" + b"}" * 200),
    "half a surrogate pair": answer(b'{"id": "\\ud800", "changes": "\\udfff"}'),
    "bytes that are no text": answer(b'{"id": "\xff\xfe"}'),
    "not a number": answer(b'{"id": "T1", "revision": NaN, "more": Infinity}'),
    "an enormous number": answer(b'{"id": "T1", "revision": ' + b"9" * 9_000 + b"}"),
    "10 MB in one string": answer({"id": "T1", "description": "x" * 10 * MB}),
    "a bomb": answer(BOMB, Content_Encoding="gzip"),
    "a bomb in a bomb": answer(gzip.compress(BOMB), Content_Encoding="gzip, gzip"),
    "broken gzip": answer(b"\x1f\x8b\x08 not at all", Content_Encoding="gzip"),
    "a packing nobody asked for": answer(b"\x00\x01", Content_Encoding="br"),
    "headers without end": b"HTTP/1.1 200 OK\r\n" + b"X-More: yes\r\n" * 50_000,
    "switching protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhi",
    "a header beyond ASCII": answer({}, X_Name="caf\xe9", Content_Type="application/json; name=\xe9"),
    "cookies": answer({}, Set_Cookie="a=b; Domain=example.org; Path=/"),
    "an odd status": answer({"code": "x"}, "799 Whatever"),
    "a proxy's refusal": answer(HTML, "403 Forbidden", "text/html"),
    "a proxy's not found": answer(HTML, "404 Not Found", "text/html"),
    "a proxy's conflict": answer(HTML, "412 Precondition Failed", "text/html"),
    "a server error": answer({"code": "internal", "reason": "no"}, "500 Internal Server Error"),
    "a gateway's timeout": answer(HTML, "504 Gateway Time-out", "text/html"),
    "a request timeout": answer({"code": "x", "reason": "y"}, "408 Request Timeout"),
    "a redirect into the void": answer(b"", "302 Found", Location="http://[::1"),
    "a redirect of the method": answer(b"", "307 Temporary Redirect", Location="//example.invalid/x"),
}
SENDING: dict[str, bytes] = {
    "no ETag": answer({"id": "T1"}, "201 Created"),
    "an ETag of another kind": answer({"id": "T1"}, "201 Created", ETag='"abc"'),
    "a revision beyond all bounds": answer({"id": "T1"}, "201 Created", ETag=f'"e1-{"9" * 40}"'),
    "no id": answer({"description": "x"}, "201 Created", ETag='"e1-1"'),
    "an id that is no text": answer({"id": 7}, "201 Created", ETag='"e1-1"'),
    "an id without end": answer({"id": "T" * 100_000}, "201 Created", ETag='"e1-1"'),
    "a refusal without a reason": answer({}, "400 Bad Request"),
}
ASKING: dict[str, bytes] = {
    "another key": answer({"key": "x", "status": 201, "collection": "troubleTicket", "id": "T9", "revision": 1}),
    "a revision that is text": answer({"key": "command-1", "collection": "troubleTicket", "id": "T1", "revision": "1"}),
    "a revision below zero": answer({"key": "command-1", "collection": "troubleTicket", "id": "T1", "revision": -1}),
    "a refusal to say": answer({"code": "forbidden", "reason": "no"}, "403 Forbidden"),
}
BUSY = answer({"code": "x", "reason": "y"}, "503 Service Unavailable", Retry_After="\xb2")
FEEDING: dict[str, bytes] = {
    "a Retry-After that is no number": BUSY,
    "a cursor of the wrong type": feed([], cursor=5),
    "a cursor with a line break": feed([], cursor="e1.1\r\nX-Evil: 1"),
    "a cursor in Chinese": feed([], cursor="游标"),
    "an empty cursor": feed([], cursor=""),
    "more of the same for ever": feed([], cursor=f"{EPOCH}.0", more=True),
    "changes that are an object": feed({}),
    "a change without an id": feed([{"collection": "troubleTicket", "revision": 1, "body": {}}]),
    "a change with an empty id": changed("{}", id=""),
    "a body that is text": changed('"text"'),
    "a body that is a list": changed("[]"),
    "a revision of the wrong type": changed("{}", revision="1"),
    "a revision of zero": changed("{}", revision=0),
    "a revision that no file holds": changed("{}", revision=2**70),
    "a body with half a surrogate": changed('{"name": "\\ud800"}'),
    "a body with a number out of range": changed('{"x": 1e999}'),
    "a body of 2 MB": changed('{"x": "' + "x" * 2 * MB + '"}'),
    "a body too deep": changed('{"a":' * 90 + "1" + "}" * 90),
}
COPYING: dict[str, bytes] = {
    "a Retry-After that is no number": BUSY,
    "no start": answer(row({}) + b'{"kind":"end"}\n', media="application/x-ndjson"),
    "two starts": snapshot(START),
    "no end": snapshot(row({})),
    "an unknown line": snapshot(b'{"kind":"advertisement"}\n'),
    "a page of nothing": snapshot(b'{"kind":"page","after":"a/1"}\n'),
    "a line without end": snapshot(b'{"kind":"row","body":"' + b"x" * 3 * MB),
    "a row without a body": snapshot(b'{"kind":"row","collection":"customer","id":"1","revision":1}\n'),
    "a body that is text": snapshot(row("text")),
    "a body too deep": snapshot(row(json.loads("[" * 90 + "]" * 90))),
    "a total below zero": answer(START.replace(b": 3", b": -3"), media="application/x-ndjson"),
    "a cursor with a line break": answer(START.replace(b"e1.0", b"e1\\n0"), media="application/x-ndjson"),
    "a bomb of rows": answer(BOMB, media="application/x-ndjson", Content_Encoding="gzip"),
    "gzip cut short": answer(
        gzip.compress(START + row({}))[:-12], media="application/x-ndjson", Content_Encoding="gzip"
    ),
}
CASES = [
    *(
        (place, name, says(content))
        for place in ("send", "ask", "feed", "snapshot")
        for name, content in EVERYWHERE.items()
    ),
    *(("send", name, says(content)) for name, content in SENDING.items()),
    *(("ask", name, says(content)) for name, content in ASKING.items()),
    *(("feed", name, says(content)) for name, content in FEEDING.items()),
    *(("snapshot", name, says(content)) for name, content in COPYING.items()),
]
SLOW: list[tuple[str, str, Nasty]] = [
    *((place, "silence", hangs) for place in ("send", "ask", "feed", "snapshot")),
    *((place, "a drip", drips(HEAD, b" ", 0.02)) for place in ("send", "ask", "feed")),
    *((place, "a drip of headers", drips(b"HTTP/1.1 200 OK\r\n", b"x", 0.02)) for place in ("send", "snapshot")),
    *((place, "continue for ever", drips(b"", CONTINUE, 0.005)) for place in ("send", "feed", "snapshot")),
    ("snapshot", "a drip", drips(LINES, b" ", 0.02)),
]

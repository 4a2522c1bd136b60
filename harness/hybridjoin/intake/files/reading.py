"""Reads a file that a customer sent, once and in passing: what it is, what facts and messages it holds.

However large a log is, no more of it is held than LIMIT_DOCUMENT and the facts. Files come as binary streams, for this
floor opens none.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, BinaryIO, Final

from hybridjoin.errors import Mistake
from hybridjoin.intake.files import bases, own_record
from hybridjoin.intake.files.archive import LIMIT_DEPTH, LIMIT_RATIO, LIMIT_UNPACKED, members_of, session_of
from hybridjoin.intake.files.documents import LIMIT_DOCUMENT, SavedMessage, read_message
from hybridjoin.intake.files.fact import Fact, FactStore
from hybridjoin.intake.files.formats import EVENT_LOG, GZIP, KEYTAB, TEXT_FORMATS, ZIP, binary_kind
from hybridjoin.intake.files.http_message import HttpMessage, read_exchange
from hybridjoin.intake.files.json_documents import read_federation, read_json
from hybridjoin.intake.files.keytab_file import keytab_facts
from hybridjoin.intake.files.line_reader import Passages
from hybridjoin.intake.files.part import RawPart
from hybridjoin.intake.files.sent_file import SentFile
from hybridjoin.intake.files.streams import BoundedStream, CountedStream, HeldText, TooMuch
from hybridjoin.intake.files.text_lines import TextLine, lines_of
from hybridjoin.intake.files.traces import fiddler_message, flow_messages, har_messages
from hybridjoin.protocol.json_text import member

LIMIT_JSON: Final = 32 * 1024 * 1024
"""Octets of a JSON document, which is read whole."""
LIMIT_SCREENS: Final = 50
"""How many screens of /join /debug are kept whole, the latest ones; all of them are read."""

# What a broken archive raises; the last is zipfile's, of a compression method that it does not know.
_BROKEN: Final = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError)
_TRACES: Final = {"HAR": bases.HAR, "record": bases.RECORD}
_JSON: Final = re.compile(rb"(?:\[\s*[\[{\]]|\{\s*[\"}])")
_FLOWS: Final = re.compile(rb"\d{1,9}:\d{1,9}:")
_MESSAGE: Final = re.compile(
    rb"<(?:[\w.-]+:)?(?:Envelope|Assertion|definitions|Metadata|RequestSecurityToken\w*)[\s>]|&lt;(?:\w+:)?(?:Envelope|Assertion)"
)


@dataclass(slots=True)
class EvidenceReading:
    """Everything that was read so far."""

    facts: FactStore = field(default_factory=FactStore)
    files: list[SentFile] = field(default_factory=list)
    parts: list[RawPart] = field(default_factory=list)
    screens: deque[RawPart] = field(default_factory=lambda: deque(maxlen=LIMIT_SCREENS))
    mistakes: list[Mistake] = field(default_factory=list)

    def read(self, name: str, stream: BinaryIO, *, depth: int = 0) -> SentFile:
        """Read one file, and the members of an archive; return what became of it."""
        counted = CountedStream(stream)
        formats: dict[str, int] = {}
        note, lines = "", 0
        try:
            note, lines = self._by_kind(name, counted, formats, depth)
        except _BROKEN as error:
            note = f"a broken archive: {error}"
        except TooMuch as error:
            note = str(error)
            self.mistakes.append(Mistake(place=name, problem=note))
        sent = SentFile(
            name=name,
            formats=tuple(formats),
            facts=sum(formats.values()),
            lines=lines,
            size=counted.size,
            digest=counted.digest(),
            note=note or ("" if formats else _unknown(counted)),
        )
        self.files.append(sent)
        return sent

    def _by_kind(self, name: str, stream: CountedStream, formats: dict[str, int], depth: int) -> tuple[str, int]:
        kind = binary_kind(stream.peek())
        if kind is ZIP:
            return self._archive(name, stream, formats, depth), 0
        if kind is GZIP:
            return self._gzip(name, stream, formats), 0
        if kind is KEYTAB:
            self._keep("keytab", keytab_facts(stream.whole(LIMIT_DOCUMENT) or b"", file=name), formats)
            return "its keys were passed over", 0
        if kind is EVENT_LOG and find_spec("evtx") is not None:
            return self._event_log(name, stream, formats), 0
        if kind is not None:
            stream.drain()
            return kind.words, 0
        return self._document(name, stream, formats)

    def _event_log(self, name: str, stream: CountedStream, formats: dict[str, int]) -> str:
        """Read a binary event log; its reader comes with an extra, and is loaded only for one."""
        from hybridjoin.intake.files.event_log import log_facts_of  # noqa: PLC0415

        note = ""
        try:
            self._keep(EVENT_LOG.name, log_facts_of(stream.raw(), file=name), formats)
        except ValueError as error:
            note = f"it could be read up to there: {error}" if formats else f"a broken event log: {error}"
        stream.drain()
        return note or ("" if formats else "a binary event log, in which nothing speaks of a join")

    def _keep(self, fmt: str, facts: Iterable[Fact], formats: dict[str, int]) -> None:
        new = self.facts.add(facts)
        if new:
            formats[fmt] = formats.get(fmt, 0) + new

    def _document(self, name: str, stream: CountedStream, formats: dict[str, int]) -> tuple[str, int]:
        """Read a document whole where it may be one, and else line by line."""
        head = stream.peek().replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if _JSON.match(head) or _FLOWS.match(head):
            body = stream.whole(LIMIT_JSON)
            if body is not None and (self._json(name, _utf8(body), formats) or self._flows(name, body, formats)):
                return "", body.count(b"\n")
        return self._text(name, stream, formats)

    def _text(self, name: str, stream: CountedStream, formats: dict[str, int]) -> tuple[str, int]:
        held = HeldText(LIMIT_DOCUMENT)
        passages = Passages(name, TEXT_FORMATS)
        self.facts.add(self._passing(passages, lines_of(held.keeping(stream.lines()))))
        formats.update(passages.recognised)
        body = held.body()
        if body is not None and (not formats or _MESSAGE.search(body)):
            self._message(name, _utf8(body), formats)
        note = f"{', '.join(passages.seen)}, in which nothing speaks of a join" if passages.seen and not formats else ""
        return note, passages.count

    def _passing(self, passages: Passages, lines: Iterable[TextLine]) -> Iterator[Fact]:
        """Read lines, and take what is kept whole of them as it comes."""
        for fact in passages.read(lines):
            yield fact
            self._take(passages)
        self._take(passages)

    def _take(self, passages: Passages) -> None:
        self.screens.extend(passages.parts)
        passages.parts.clear()

    def _message(self, name: str, body: bytes, formats: dict[str, int]) -> None:
        found = read_message(body, file=name)
        if found is not None:
            self._keep_document(found, formats)

    def _keep_document(self, found: SavedMessage, formats: dict[str, int]) -> None:
        self._keep(found.format, found.facts, formats)
        formats.setdefault(found.format, 0)
        self.parts.append(found.part)

    def _json(self, name: str, body: bytes, formats: dict[str, int]) -> bool:
        try:
            text = body.decode("utf-8-sig")
            value = json.loads(text)
        except (ValueError, RecursionError):
            return False
        if member(value, "log", "entries") is not None:
            self._exchanges("HAR", har_messages(value, file=name), formats)
        elif str(member(value, "schema")).startswith("hybridjoin-record/"):
            self._record(name, value, formats)
        else:
            self._keep("federation settings", read_federation(text, file=name), formats)
            for shape, fact in read_json(text, value, file=name):
                self._keep(shape, (fact,), formats)
        return True

    def _record(self, name: str, value: Any, formats: dict[str, int]) -> None:  # noqa: ANN401 - JSON
        """Read a record of ours: what its joins say, and what is known of the place besides."""
        for place, join in own_record.joins_of(value, file=name):
            for where, rows in own_record.passages_of(join, place=place):
                lines = (TextLine(at, row) for at, row in enumerate(rows, start=1))
                self._keep("record", self._passing(Passages(where, TEXT_FORMATS), lines), formats)
            self._exchanges("record", own_record.messages_of(join, place=place), formats)
            self._keep("record", own_record.facts_of_join(join, place=place), formats)

    def _flows(self, name: str, body: bytes, formats: dict[str, int]) -> bool:
        if not body[:1].isdigit() or b"version" not in body[:65536]:
            return False
        try:
            messages = list(flow_messages(body, file=name))
        except ValueError:
            return False
        self._exchanges("mitmproxy flows", messages, formats)
        return bool(messages)

    def _exchanges(self, fmt: str, messages: Iterable[HttpMessage], formats: dict[str, int]) -> None:
        for message in messages:
            found = read_exchange(message, _TRACES.get(fmt, bases.SAZ))
            self._keep(fmt, found.facts, formats)
            formats.setdefault(fmt, 0)
            self.parts.extend(item.part for item in found.documents)

    def _archive(self, name: str, stream: CountedStream, formats: dict[str, int], depth: int) -> str:
        if depth >= LIMIT_DEPTH:
            return f"expected archives nested at most {LIMIT_DEPTH} deep, found a deeper one"
        sessions: dict[str, dict[str, bytes]] = {}
        with zipfile.ZipFile(stream.raw()) as archive:
            ours = set(archive.namelist()) >= own_record.PACKAGED
            for item in members_of(archive):
                if ours and item.name != "record.json":
                    continue
                place = f"{name}!{item.name}"
                if item.refused:
                    self.mistakes.append(Mistake(place=place, problem=item.refused))
                    continue
                session = session_of(item.name)
                with archive.open(item.info) as opened:
                    if session is not None:
                        sessions.setdefault(session[0], {})[session[1]] = opened.read(LIMIT_DOCUMENT)
                    else:
                        self.read(place, opened, depth=depth + 1)  # type: ignore[arg-type]  # it reads as a file does
        for number, sides in sorted(sessions.items()):
            message = fiddler_message(sides.get("c", b""), sides.get("s", b""), file=f"{name}!raw/{number}")
            if message is not None:
                self._exchanges("Fiddler archive", (message,), formats)
        stream.drain()
        formats.setdefault("archive", 0)
        return ""

    def _gzip(self, name: str, stream: CountedStream, formats: dict[str, int]) -> str:
        limit = min(LIMIT_UNPACKED, max(LIMIT_DOCUMENT, LIMIT_RATIO * stream.length()))
        with gzip.GzipFile(fileobj=stream.raw()) as opened:
            inner = self.read(f"{name}!", io.BufferedReader(BoundedStream(opened, limit)))
        stream.drain()
        formats["gzip"] = inner.facts
        return inner.note


def _utf8(body: bytes) -> bytes:
    """Return a document in UTF-8 that an editor or PowerShell wrote in UTF-16; the declaration would contradict it."""
    wide = body[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if not wide and b"\0" not in body[:4]:
        return body
    encoding = "utf-16" if wide else "utf-16-le" if body[1:2] == b"\0" else "utf-16-be"
    text = body.decode(encoding, "replace")
    return re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).encode()


def _unknown(stream: CountedStream) -> str:
    """Say what a file is of which nothing was recognised."""
    if stream.size == 0:
        return "an empty file"
    head = stream.first
    text = head.replace(b"\0", b"").decode("utf-8", "replace")
    odd = sum(not (character.isprintable() or character in "\r\n\t\ufeff") for character in text)
    if odd > len(text) // 20:
        return "binary data of no format that is known"
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if not first.isascii():
        return f"no format that is known in English: {first[:60]!r}; screens are read in English alone"
    return f"no format that is known: {first[:60]!r}"

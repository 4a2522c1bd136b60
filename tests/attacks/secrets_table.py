"""One secret for each place of an exchange and each spelling, and every artefact searched: who plants, and who finds.

    python -m tests.attacks.secrets_table

What a peer may say is handed to the driver that keeps every real exchange, in each place and each spelling; the record
that comes of it is drawn in every format, packed, and told as events. The artefacts are then searched for pieces of
the secret in spellings that are written here anew, by plain comparison: not by what hid them.
"""

from __future__ import annotations

import base64
import html
import io
import os
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import ed25519

from hybridjoin.bundle.keys import Signer
from hybridjoin.bundle.package import build_package
from hybridjoin.cli.run.join_work import _show
from hybridjoin.device.driver import Sent, drive
from hybridjoin.device.needs import Flow, Search, Send, Ticket, ask
from hybridjoin.errors import Breakage, HarnessError, KerberosError, PeerUnreachable
from hybridjoin.model.events import JobFinished, JobKind
from hybridjoin.model.exchange import (
    Entry,
    HttpReply,
    HttpRequest,
    Reply,
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.hiding import hide
from hybridjoin.model.record import RunRecord, ScenarioRecord
from hybridjoin.model.recorded import HttpRequestRecord, keep
from hybridjoin.model.steps import Step
from hybridjoin.model.vault import VAULT
from hybridjoin.report.curl import curl_line
from hybridjoin.report.formats.catalogue import FORMATS
from hybridjoin.report.ndjson import EventStream
from tests.attacks.secrets_in_files import EVIDENCE, IN_THE_RECORD, UNKNOWN_KEYS, checked, evidence_of, imported
from tests.device.script import TICKET as SOME_TICKET
from tests.model.test_hiding import SPELLINGS
from tests.report.sample import good_scenario, sample_record

NOON = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
SECRET_BYTES = 600
_LABEL = re.compile(rb"[a-z0-9-]{1,63}")
URL = "https://sts.contoso.example/trust"
SOAP = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>{header}</s:Header><s:Body>{body}</s:Body>'
    "</s:Envelope>"
)
FAULT = (
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>"
    '<s:Reason><s:Text xml:lang="en">{}</s:Text></s:Reason></s:Fault>'
)
CLAIM = '<saml:Attribute AttributeName="x"><saml:AttributeValue>{}</saml:AttributeValue></saml:Attribute>'


@dataclass(frozen=True, kw_only=True)
class Plant:
    """One exchange with a secret somewhere in it: what is asked, and what comes of it."""

    asked: HttpRequest | SearchRequest | TicketRequest
    answer: Reply | HarnessError


def _requested(**changes: object) -> Plant:
    request = HttpRequest(method="POST", url=URL, body=b"<rst/>")
    return Plant(asked=replace(request, **changes), answer=HttpReply(status=200))  # type: ignore[arg-type] # its fields


def _answered(**changes: object) -> Plant:
    reply = replace(HttpReply(status=500), **changes)  # type: ignore[arg-type] # its fields
    return Plant(asked=HttpRequest(method="POST", url=URL), answer=reply)


def _soap(header: str = "", body: str = "") -> Plant:
    return _answered(body=SOAP.format(header=header, body=body).encode())


def _entry(dn: str, value: bytes) -> Plant:
    asked = SearchRequest(base="DC=contoso,DC=example", filter="(cn=x)", attributes=("description",))
    found = Entry(dn=dn, attributes=(("description", (value,)),))
    return Plant(asked=asked, answer=SearchReply(entries=(found,)))


def _ticket(answer: Reply | HarnessError) -> Plant:
    return Plant(asked=TicketRequest(service="HTTP", host="sts.contoso.example"), answer=answer)


def _broken(words: str) -> Plant:
    error = PeerUnreachable(words, where=URL, breakage=Breakage.TLS)
    return Plant(asked=HttpRequest(method="GET", url=URL), answer=error)


# A text that stands in XML is escaped as a peer would have to, so that the message is what it would really send.
TEXTS: dict[str, Callable[[str], Plant]] = {
    "request: URL's path": lambda text: _requested(url=f"{URL}/{text}"),
    "request: URL's query": lambda text: _requested(url=f"{URL}?token={text}"),
    "request: header": lambda text: _requested(headers=(("X-Debug", text),)),
    "answer: reason": lambda text: _answered(reason=f"no {text}"),
    "answer: header": lambda text: _answered(headers=(("X-Debug", text),)),
    "answer: cookie": lambda text: _answered(headers=(("Set-Cookie", f"last={text}; Secure"),)),
    "answer: name of a header": lambda text: _answered(headers=((f"X-{text}", "1"),)),
    "answer: location": lambda text: _answered(status=302, headers=(("Location", f"{URL}?again={text}"),)),
    "answer: SOAP header": lambda text: _soap(header=f"<x:Debug xmlns:x='urn:x'>{html.escape(text)}</x:Debug>"),
    "answer: fault text": lambda text: _soap(body=FAULT.format(html.escape(text))),
    "answer: assertion's claim": lambda text: _soap(body=CLAIM.format(html.escape(text))),
    "answer: attribute of an element": lambda text: _soap(body=f"<x a={html.escape(text)!r}/>"),
    "answer: comment": lambda text: _soap(body=f"<!-- {text.replace('--', '- -')} --><ok/>"),
    "LDAP: name of an entry": lambda text: _entry(f"CN={text},DC=contoso,DC=example", b"x"),
    "Kerberos: client principal": lambda text: _ticket(replace(SOME_TICKET, client=f"{text}@CONTOSO.EXAMPLE")),
    "Kerberos: server principal": lambda text: _ticket(replace(SOME_TICKET, server=f"HTTP/{text}")),
    "Kerberos: words of the KDC": lambda text: _ticket(KerberosError("KDC_ERR_POLICY", text, remedy="look")),
    "Kerberos: log of the KDC": lambda text: _ticket(
        KerberosError("KDC_ERR_POLICY", "refused", remedy="look", detail=text)
    ),
    "TLS: names of a certificate": lambda text: _broken(f"the certificate is for {text}, not for sts.contoso.example"),
}
OCTETS: dict[str, Callable[[bytes], Plant]] = {
    "request: body": lambda octets: _requested(body=b"<rst>" + octets + b"</rst>"),
    "answer: body": lambda octets: _answered(body=b"<p>" + octets + b"</p>"),
    "LDAP: value of an attribute": lambda octets: _entry("CN=x,DC=contoso,DC=example", octets),
}
# A label of a name has 63 characters at most: a key fits into one, a ticket never does.
LABELS: dict[str, Callable[[str], Plant]] = {
    "TLS: server name that is sent": lambda label: _requested(url=f"https://{label}.contoso.example/trust"),
    "TLS: server name that is redirected to": lambda label: _answered(
        status=302, headers=(("Location", f"https://{label}.contoso.example/trust"),)
    ),
}
KEY_BYTES = 24
ELSEWHERE: dict[str, str] = {
    "request: name of a header": "the names are ours, and constants",
    "Kerberos: keys of a keytab": "read by libkrb5, never said: tests/attacks/test_secrets_table.py looks at processes",
    "site file: password_file": "a path, said as it is written; its content is learned as a secret (lab/external)",
    "command line": "no option takes a secret: passwords are asked for or read from a file",
    "environment, command lines of children": "tests/attacks/test_secrets_table.py, with a lab",
    "temporary files, after SIGKILL": "tests/attacks/test_left_over_files.py, with a lab",
    "core of a process": "tests/attacks/test_secrets_table.py: the limit is 0 in every process of a run",
}


def spellings(place: str) -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    """Yield the spellings that fit into a place: what holds characters alone takes those of ASCII without controls."""
    for name, written in SPELLINGS.items():
        if place in LABELS:
            suits = _LABEL.fullmatch(written(bytes(range(KEY_BYTES)))) is not None
        else:
            suits = place in OCTETS or fits(written(bytes(range(256)) * 2))
        if suits:
            yield name, written


def fits(octets: bytes) -> bool:
    """Tell whether a text of one line could be these octets; a header and a name of an entry hold no line break."""
    return octets.isascii() and all(octet >= 0x20 for octet in octets)


@dataclass
class Answering:
    """Hands that answer from a plant."""

    plants: list[Plant]

    def begin(self, _: Step) -> datetime:
        """Tell the time."""
        return NOON

    def send(self, request: HttpRequest, **_: object) -> Sent:
        """Answer a request over HTTP."""
        return Sent(request=request, reply=self._next())  # type: ignore[arg-type] # the plant's kind

    def search(self, _: SearchRequest) -> SearchReply:
        """Answer a search."""
        return self._next()  # type: ignore[return-value] # the plant's kind

    def ticket(self, _: TicketRequest) -> TicketReply:
        """Answer for the KDC."""
        return self._next()  # type: ignore[return-value] # the plant's kind

    def _next(self) -> Reply:
        answer = self.plants.pop(0).answer
        if isinstance(answer, HarnessError):
            raise answer
        return answer


def _talk(plants: list[Plant]) -> Flow[None]:
    """Ask everything that is planted, as a flow does."""
    for plant in plants:
        with suppress(HarnessError):
            match plant.asked:
                case HttpRequest():
                    yield from ask(Send(request=plant.asked, at=HYBRID_JOIN.row(Step.RST)))
                case SearchRequest():
                    yield from ask(Search(request=plant.asked, at=HYBRID_JOIN.row(Step.COMPUTER)))
                case TicketRequest():
                    yield from ask(Ticket(request=plant.asked, at=HYBRID_JOIN.row(Step.TICKET)))


@dataclass(frozen=True, kw_only=True)
class Row:
    """A place: how many secrets were planted there, in as many spellings, and where one was found again."""

    place: str
    planted: int
    spellings: int
    found: tuple[str, ...]


def plants_at(place: str, secret: bytes) -> list[Plant]:
    """Return an exchange for each spelling that fits into a place."""
    spelled = [spell(secret) for _, spell in spellings(place)]
    if place in OCTETS:
        return [OCTETS[place](octets) for octets in spelled]
    if place in LABELS:
        return [LABELS[place](octets.decode("ascii")) for octets in spelled]
    return [TEXTS[place](octets.decode("ascii")) for octets in spelled]


def table() -> tuple[tuple[Row, ...], dict[str, bytes]]:
    """Plant everything, and return the rows with the artefacts that were searched."""
    VAULT.forget()
    places = {place: os.urandom(SECRET_BYTES) for place in (*TEXTS, *OCTETS, *IN_THE_RECORD)}
    places |= {place: os.urandom(KEY_BYTES) for place in LABELS}
    for secret in places.values():
        VAULT.learn(secret, "a planted secret", lasting=True)
    planted = {place: plants_at(place, secret) for place, secret in places.items() if place not in IN_THE_RECORD}
    said = [IN_THE_RECORD[place](written(place, places[place])) for place in IN_THE_RECORD]
    artefacts = artefacts_of(record_of(planted, said))
    rows = [row_of(place, secret, artefacts) for place, secret in places.items()]
    handed_in = [*_checked(), *_imported()]
    rows += [row for row, _ in handed_in]
    for row, bodies in handed_in:
        artefacts |= {f"{row.place}, {name}": body for name, body in bodies.items()}
    return tuple(rows), artefacts


def row_of(place: str, secret: bytes, artefacts: Mapping[str, bytes]) -> Row:
    """Search every artefact for a secret; it was planted in each spelling that fits into the place."""
    sought = tuple(dict.fromkeys(needles(secret)))
    found = tuple(name for name, body in artefacts.items() if any(needle in body for needle in sought))
    count = len([*spellings(place)])
    return Row(place=place, planted=count, spellings=count, found=found)


def written(place: str, secret: bytes) -> list[str]:
    """Return a secret in each spelling that fits into a text."""
    return [spell(secret).decode("ascii") for _, spell in spellings(place)]


def _checked() -> Iterator[tuple[Row, dict[str, bytes]]]:
    """Plant under keys that are none; nobody has learned these secrets, which nothing but a mistake could repeat."""
    for place, file_of in UNKNOWN_KEYS.items():
        secret = os.urandom(SECRET_BYTES)
        artefacts = dict(checked(*file_of(written(place, secret))))
        yield row_of(place, secret, artefacts), artefacts


def _imported() -> Iterator[tuple[Row, dict[str, bytes]]]:
    """Plant in evidence; whoever reads it has to find out what is a secret."""
    for place in EVIDENCE:
        VAULT.forget()
        secret = os.urandom(SECRET_BYTES)
        artefacts = dict(imported(evidence_of(place, secret, written(place, secret))))
        yield row_of(place, secret, artefacts), artefacts


def record_of(planted: dict[str, list[Plant]], said: Sequence[ScenarioRecord] = ()) -> RunRecord:
    """Keep every planted exchange as the driver keeps a real one, and make a run of them: a scenario for each place."""
    return hide(sample_record(*(_scenario(place, plants) for place, plants in planted.items()), *said))


def _scenario(place: str, plants: list[Plant]) -> ScenarioRecord:
    good = good_scenario()
    assert good.join is not None
    _, transcript = drive(_talk(plants), Answering(list(plants)))  # type: ignore[arg-type] # hands that read nothing
    join = replace(good.join, exchanges=tuple(map(keep, transcript.exchanges)))
    return replace(good, id=place.replace(" ", "-"), title=place, join=join)


def artefacts_of(record: RunRecord) -> dict[str, bytes]:
    """Return everything that may leave of a run, by name."""
    signer = Signer(key=ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)), path=Path())
    package = build_package(record, signer, created_at=NOON).body
    with zipfile.ZipFile(io.BytesIO(package)) as packed:
        found = {f"package {name}": packed.read(name) for name in packed.namelist()}
    found |= {item.file_name: item.draw(record) for item in FORMATS}
    events = io.StringIO()
    stream = EventStream(events)
    for number, item in enumerate(record.scenarios, start=1):
        done = JobFinished(
            name=item.id, kind=JobKind.SCENARIO, outcome=item.outcome, elapsed_s=0.1, number=number,
            total=len(record.scenarios), record=item,
        )  # fmt: skip
        stream.tell(done)
    stream.run_finished(record, None)
    assert stream.leak is None
    found |= {"package": package, "events": events.getvalue().encode(), "record": repr(record).encode()}
    found["curl"] = "\n".join(_curl_lines(record)).encode("utf-8", "surrogateescape")
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        for item in record.scenarios:
            _show(replace(record, scenarios=(item,)))
    return found | {"screen": out.getvalue().encode(), "errors": err.getvalue().encode()}


def _curl_lines(record: RunRecord) -> Iterator[str]:
    for item in record.scenarios:
        for exchange in item.join.exchanges if item.join is not None else ():
            if isinstance(exchange.request, HttpRequestRecord):
                with suppress(HarnessError):  # an address that curl cannot be handed is told instead
                    line = curl_line(exchange.request, place=item.id)
                    yield from (line.command, *line.remarks)


def needles(secret: bytes) -> Iterator[bytes]:
    """Pieces of a secret in each spelling, from three places in it; of a key, from all of it."""
    for start in (60, 290, 520) if len(secret) > KEY_BYTES else (0,):
        raw = secret[start : start + 24]
        for junk in range(3):
            piece = base64.b64encode(raw[junk:21])
            yield from (piece, base64.urlsafe_b64encode(raw[junk:21]), quote(piece, safe="").encode())
            yield from (base64.b64encode(piece)[:-4], piece.decode().encode("utf-16-le"), piece.hex().encode())
        yield from (raw, raw.hex().encode(), raw.hex().upper().encode())


def text() -> str:
    """Return the table for people, in Markdown."""
    rows, artefacts = table()
    lines = ["| place | planted | found again |", "|---|---|---|"]
    lines += [f"| {row.place} | {row.planted} | {', '.join(row.found) or 'nowhere'} |" for row in rows]
    lines += [f"| {place} | not planted here: {reason} | |" for place, reason in ELSEWHERE.items()]
    hits = sum(len(row.found) for row in rows)
    planted = sum(row.planted for row in rows)
    whole = f"{len(rows)} places by {len(SPELLINGS)} spellings, as far as they fit"
    lines.append(f"| {whole} | {planted} | {hits} in {len(artefacts)} artefacts |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(f"{text()}\n")

"""Reads records of the first version, which were pictures of what was said, as records of the second.

What was prose is read back as far as it goes: exchanges become typed ones, a place stays the words it was told in. What
a record of the first version never held, readings and circumstances, nobody can add: it cannot be judged again.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote_plus

from hybridjoin.model.verdict import UNANSWERED, Outcome, Untested

SCHEMA: Final = "hybridjoin-record/1"
Document = dict[str, Any]

_HTTP_REQUEST = re.compile(r"([A-Z]+) (\S+)")
_HTTP_REPLY = re.compile(r"(\d{3})(?: (.*))?", re.DOTALL)
_FOUND = re.compile(r"\d+ entr(?:y|ies)")
_GRANT = re.compile(r"(grant_type=[^&]*&assertion=)(<.*>)((?:&\w+=[^&<>]*)*)", re.DOTALL)
_SEARCH, _TICKET, _ISSUED = "LDAP search ", "TGS-REQ ", "ticket for "
_VALID = re.compile(r"(\S+) (\S+) to (\S+) (\S+)")


def upgrade(document: Document) -> None:
    """Turn a record of the first version into one of the second, in place; what is no part of either is left alone."""
    joins = [item["join"] for item in _rows(document.get("scenarios")) if isinstance(item.get("join"), dict)]
    certified = document.get("certification")
    certified = certified if isinstance(certified, dict) else {}
    verdicts = [verdict for join in joins for verdict in _rows(join.get("verdicts"))]
    for answer in (*verdicts, *_rows(certified.get("requirements"))):
        _type_answer(answer)
    for speaker in (*joins, *_rows(certified.get("probes"))):
        for exchange in _rows(speaker.get("exchanges")):
            _type_exchange(exchange)


def _rows(value: object) -> list[Document]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _type_answer(answer: Document) -> None:
    """A place is kept as it was told, and not read; so is the reason for a silence."""
    if isinstance(answer.get("where"), str):
        answer["where"] = {"document": answer["where"]} if answer["where"] else None
    if answer.get("outcome") in UNANSWERED and "not_tested" not in answer:
        interrupted = answer["outcome"] == Outcome.INTERRUPTED
        reason = Untested.INTERRUPTED if interrupted else Untested.NOT_REACHED
        answer["not_tested"] = {"reason": reason, "detail": answer.get("why_not") or answer.get("found", "")}
        answer["found"] = ""


def _type_exchange(exchange: Document) -> None:
    asked, answered = _message(exchange.get("request")), _message(exchange.get("reply"))
    request, kind = _request(*asked)
    exchange["request"] = request
    exchange["reply"] = _reply(kind, *answered)


def _message(value: object) -> tuple[str, Any, str]:
    message = value if isinstance(value, dict) else {}
    return str(message.get("headline", "")), message.get("headers", []), str(message.get("body", ""))


def _request(headline: str, headers: object, body: str) -> tuple[Document, str]:
    """Return the typed request, and which protocol it is of."""
    if headline.startswith(_SEARCH):
        lines = dict(line.partition(": ")[::2] for line in body.splitlines())
        attributes = [name for name in lines.get("attributes", "").split(", ") if name]
        search = {"base": lines.get("base", ""), "scope": lines.get("scope", "sub"), "attributes": attributes}
        return {**search, "filter": headline.removeprefix(_SEARCH)}, _SEARCH
    if headline.startswith(_TICKET):
        service, _, host = headline.removeprefix(_TICKET).partition("/")
        return {"service": service, "host": host}, _TICKET
    found = _HTTP_REQUEST.fullmatch(headline)
    method, url = (found[1], found[2]) if found else ("", headline)
    return {"method": method, "url": url, "headers": headers, "body": _encoded(body)}, "http"


def _encoded(body: str) -> str:
    """Write a grant as it was sent: the first version kept its assertion decoded."""
    found = _GRANT.fullmatch(body)
    if found is None:
        return body
    assertion = base64.b64encode(found[2].encode("utf-8", "replace")).decode("ascii")
    return found[1] + quote_plus(assertion) + found[3]


def _reply(kind: str, headline: str, headers: object, body: str) -> Document:
    """Return the typed reply; what is none of the protocol's is how the exchange broke down."""
    http = _HTTP_REPLY.fullmatch(headline) if kind == "http" else None
    if http is not None:
        return {"status": int(http[1]), "reason": http[2] or "", "headers": headers, "body": body}
    if kind == _SEARCH and _FOUND.fullmatch(headline):
        return {"entries": list(_entries(body))}
    if kind == _TICKET and headline.startswith(_ISSUED):
        return _ticket(body)
    return {"kind": headline, "message": body}


def _entries(body: str) -> Iterator[Document]:
    for block in filter(str.strip, body.split("\n\n")):
        pairs = [line.partition(": ")[::2] for line in block.splitlines()]
        values: dict[str, list[object]] = {}
        for name, value in pairs[1:]:
            values.setdefault(name, []).append(_value(value))
        yield {"dn": pairs[0][1], "attributes": list(values.items())}


def _value(text: str) -> object:
    """Read a value back; what is no printable text stood there in hex."""
    if not re.fullmatch("0x(?:[0-9a-f]{2})+", text):
        return text
    return {"base64": base64.b64encode(bytes.fromhex(text[2:])).decode("ascii")}


def _ticket(body: str) -> Document:
    lines = dict(line.partition(": ")[::2] for line in body.splitlines())
    times = _VALID.fullmatch(lines.get("valid", ""))
    start, end = (f"{times[1]}T{times[2]}", f"{times[3]}T{times[4]}") if times else ("", "")
    return {
        "client": lines.get("client", ""),
        "server": lines.get("server", ""),
        "ticket_etype": lines.get("ticket encryption", ""),
        "session_etype": lines.get("session key", ""),
        "starts_at": start,
        "ends_at": end,
    }

"""One recorded HTTP exchange as a line for a POSIX shell, that sends the same request again with curl."""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.model.kept_body import Excerpt, Octets, content, octets
from hybridjoin.model.recorded import HttpRequestRecord
from hybridjoin.model.shown import harmless, one_line
from hybridjoin.report.drawn import drawn_request

# An argument may not be longer on Linux; what is built into the shell takes any length.
LONGEST_ARGUMENT: Final = 100_000
# curl writes them itself, from the address and the body.
_CURLS_OWN: Final = frozenset({"host", "content-length", "connection"})
# What curl would say and the device did not.
_UNSAID: Final = ("User-Agent", "Accept")
_METHOD: Final = re.compile("[A-Z]{1,20}")
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_MASKED: Final = re.compile(r"\[masked \d+ (?:characters|bytes)(?: [0-9a-f]+)?\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurlLine:
    """The command, of several lines, and what one has to know before it is run."""

    command: str
    remarks: tuple[str, ...]


def curl_line(request: HttpRequestRecord, *, place: str, token: str = "") -> CurlLine:
    """Write a request as a curl command; a ticket is shown anew, every other secret is left to whoever runs it.

    `place` is named in the mistakes; `token` is the Negotiate token of a probe that showed one of its own making.

    Raises:
        UsageError: the address or the method is none that curl may be handed, or the body was not kept whole.
    """
    _refuse(request, place)
    body = _body(request, place)
    remarks: list[str] = []
    before, data = _data(body)
    words = ["curl", "--silent", "--show-error", "--include"]
    if not data and request.method != "GET":
        data = ["--data-raw", "''"]
    if request.method != ("POST" if data else "GET"):
        words += ["--request", request.method]
    if set(request.url) & set("[]{}"):
        words.append("--globoff")
    options = [*_headers(request, token, remarks), " ".join(data)] if data else [*_headers(request, token, remarks)]
    remarks += _masked_in_the_body(request)
    command = " \\\n  ".join([" ".join([*words, "--url", shlex.quote(request.url)]), *options])
    return CurlLine(command=before + command, remarks=tuple(remarks))


def _refuse(request: HttpRequestRecord, place: str) -> None:
    """A record is a file like any other: what stands in it is not handed to a shell's curl unseen."""
    if not re.match("https?://", request.url) or one_line(request.url) != request.url:
        raise UsageError(Mistake(place=place, problem=f"expected an http or https address, found {request.url!r}"))
    if not _METHOD.fullmatch(request.method):
        raise UsageError(Mistake(place=place, problem=f"expected an HTTP method, found {request.method!r}"))


def _headers(request: HttpRequestRecord, token: str, remarks: list[str]) -> Iterator[str]:
    said = {name.lower() for name, _ in request.headers}
    for name, value in request.headers:
        if name.lower() in _CURLS_OWN:
            continue
        if not _NAME.fullmatch(name) or one_line(value) != value:
            remarks.append(f"left out, for it is no header: {name!r}")
        elif name.lower() == "authorization" and value.lower().startswith("negotiate"):
            yield _negotiate(token, remarks)
        elif _MASKED.search(value):
            yield _with_a_secret(name, value, remarks)
        else:
            yield f"--header {shlex.quote(f'{name}: {value}' if value else f'{name};')}"
    for name in (*_UNSAID, *(("Expect",) if request.body else ())):
        if name.lower() not in said:
            yield f"--header {shlex.quote(f'{name}:')}"


def _negotiate(token: str, remarks: list[str]) -> str:
    if token:
        return f"--header {shlex.quote(f'Authorization: Negotiate {token}')}"
    remarks.append("--negotiate shows a ticket of your own: kinit as the computer first (in a lab: hybridjoin lab env)")
    return "--negotiate --user :"


def _with_a_secret(name: str, value: str, remarks: list[str]) -> str:
    """Leave a masked value to a variable of the shell."""
    variable = re.sub("[^A-Z0-9]", "_", name.upper())
    scheme, _, _ = value.partition("[masked")
    remarks.append(f"the value of {name} was masked: set {variable} to yours")
    return f'--header {shlex.quote(f"{name}: {scheme}")}"${{{variable}:?}}"'


def _body(request: HttpRequestRecord, place: str) -> bytes:
    if isinstance(request.body, Excerpt):
        hint = "`hybridjoin certify --hostile` sends such a request anew"
        raise UsageError(Mistake(place=place, problem=f"the body is not kept whole: {request.body.note}", hint=hint))
    return octets(request.body)


def _data(body: bytes) -> tuple[str, list[str]]:
    """Return what is put before the command, and its options for the body: exactly the octets, whatever they are."""
    kept = content(body)
    if not body:
        return "", []
    if isinstance(kept, Octets) or harmless(kept) != kept:
        return f"printf %s {base64.b64encode(body).decode()} | base64 -d | ", ["--data-binary", "@-"]
    if len(body) > LONGEST_ARGUMENT:
        return f"printf %s {shlex.quote(kept)} | ", ["--data-binary", "@-"]
    return "", ["--data-raw", shlex.quote(kept)]


def _masked_in_the_body(request: HttpRequestRecord) -> Iterator[str]:
    found = len(_MASKED.findall(drawn_request(request).body))
    if found:
        secrets = "a secret" if found == 1 else f"{found} secrets"
        yield f"the body lacks {secrets}, masked as [masked … characters]: it will be refused until yours stand there"

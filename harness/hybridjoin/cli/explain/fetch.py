"""Gets a document that a command was pointed at: a URL with the device's own strict HTTP, a file, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from hybridjoin.cli.exits import mistake
from hybridjoin.device.adapters.bodies import SIZE_LIMIT
from hybridjoin.errors import PeerError
from hybridjoin.given import is_file, read_given
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.model.site import Connect, Directory, Entra, IdentityProvider, Site, is_microsofts
from hybridjoin.protocol.address import host_of


def read_source(source: str, *, ca_file: Path | None, resolve: tuple[str, ...], limit_s: float) -> bytes:
    """Return the octets; raise UsageError where a file is not there, PeerError where a server does not give them."""
    if source.lower().startswith(("https://", "http://")):
        return _fetch(source, _bare_site(ca_file, resolve, live=is_microsofts(host_of(source))), limit_s)
    if source == "-":
        return sys.stdin.buffer.read(SIZE_LIMIT)
    hint = "" if Path(source).suffix == ".xml" else "a URL begins with https://"
    return read_given(Path(source), limit_bytes=SIZE_LIMIT, hint=hint)


def _fetch(url: str, site: Site, limit_s: float) -> bytes:
    if not url.lower().startswith("https://"):
        hint = "give the https:// address; where there is none, save the document and give the file"
        raise mistake(url, "https only: Windows reads no metadata over plain HTTP, and anybody could alter it", hint)
    from hybridjoin.device.adapters.http import Http  # a file needs none

    with Http(site, None, limit_s=limit_s) as http:
        reply = http.send(HttpRequest(method="GET", url=url, headers=(("Accept", "*/*"),))).reply
    if reply.status != 200:
        raise PeerError(f"expected 200, found {reply.status} {reply.reason}".rstrip(), where=f"GET {url}")
    return reply.body


def _bare_site(ca_file: Path | None, resolve: tuple[str, ...], *, live: bool) -> Site:
    """A site of which nothing is known but whom to trust and where to dial; the user typed the address himself."""
    if ca_file is not None and not is_file(ca_file):
        raise mistake("--ca-file", f"expected a PEM file, found nothing at {ca_file}")
    nowhere = Directory(
        realm="",
        domain="",
        netbios="",
        forest="",
        domain_controller="",
        krb5_config=Path(),
        ldap_url="",
        base_dn="",
    )
    return Site(
        name="",
        directory=nowhere,
        idp=IdentityProvider(issuer="", signing_certificates=(), ca_file=ca_file),
        entra=Entra(tenant_id="", tenant_name=""),
        devices=(),
        connect=tuple(_connect(item) for item in resolve),
        live=live,
    )


def _connect(text: str) -> Connect:
    """Read curl's form, HOST:PORT:ADDRESS."""
    host, _, rest = text.partition(":")
    port, _, address = rest.partition(":")
    if not (host and address and port.isdigit() and 0 < int(port) < 65536):
        raise mistake(
            "--resolve", f"expected HOST:PORT:ADDRESS, found {text!r}", "such as sts.example.com:443:192.0.2.7"
        )
    return Connect(host=host, port=int(port), address=address.strip("[]"), to_port=int(port))

"""A real browser goes the same way as ours, by page and by ticket, and ends alike: with a code that is good."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlencode, urlsplit

import krb5
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page, Request, sync_playwright

from hybridjoin.device.adapters.http import Http
from hybridjoin.device.browser.context import AZURE_CLI, GRAPH_SCOPE, NATIVE_REPLY
from hybridjoin.device.browser.run import browse_at
from hybridjoin.device.signin.run import find_credentials
from hybridjoin.device.signin.username import Credentials
from hybridjoin.lab.lab import Lab
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.model.record import SignInResult
from hybridjoin.model.site import Site
from hybridjoin.model.steps import Step
from hybridjoin.protocol import oauth
from hybridjoin.protocol.oauth import Token

pytestmark = [pytest.mark.lab, pytest.mark.browser]
LIMIT_MS = 20_000
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")


def pinned(site: Site) -> str:
    """The lab's own servers, by the hashes of their keys: every other certificate is refused as ever."""
    found = {ssl.get_server_certificate((item.address, item.to_port)) for item in site.connect}
    keys = [x509.load_pem_x509_certificate(pem.encode()).public_key() for pem in sorted(found)]
    octets = [key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for key in keys]
    return ",".join(base64.b64encode(hashlib.sha256(item).digest()).decode() for item in octets)


class Tunnel(socketserver.StreamRequestHandler):
    """One CONNECT: the names are meant as they are, and only here is it known where they are served."""

    def handle(self) -> None:
        host, _, port = self.rfile.readline().split()[1].decode().partition(":")
        while self.rfile.readline().strip():
            pass
        assert isinstance(self.server, Proxy)
        with socket.create_connection(self.server.served[host, int(port)], timeout=LIMIT_MS / 1000) as far:
            self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=self.pump, args=(far, self.connection), daemon=True)
            back.start()
            self.pump(self.connection, far)
            back.join(timeout=1)

    def pump(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while octets := one.recv(65536):
                other.sendall(octets)
        except OSError:
            return


class Proxy(socketserver.ThreadingTCPServer):
    """Knows where the lab's names are served; whatever else a browser asks for is nobody's."""

    daemon_threads = True

    def __init__(self, site: Site) -> None:
        self.served = {(item.host, item.port): (item.address, item.to_port) for item in site.connect}
        super().__init__(("127.0.0.1", 0), Tunnel)

    def handle_error(self, request: object, client_address: object) -> None:
        """A name that is not the lab's: Chromium asks for updates and the like, and gets nothing."""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def proxied(site: Site) -> Iterator[Proxy]:
    with Proxy(site) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()


# Chromium loads GSSAPI from the start on after it has met a challenge: Linux' sandbox of the network leaves it out.
MET_A_CHALLENGE = {"net": {"received_http_auth_negotiate_headers": True}}


@contextmanager
def chromium(site: Site, *, environment: dict[str, str], allowed: str) -> Iterator[Page]:
    with TemporaryDirectory() as profile, proxied(site) as proxy, sync_playwright() as playwright:
        Path(profile, "Local State").write_text(json.dumps(MET_A_CHALLENGE), "utf-8")
        flags = [
            *FLAGS,
            f"--proxy-server={proxy.address}",
            f"--ignore-certificate-errors-spki-list={pinned(site)}",
            *([f"--auth-server-allowlist={allowed}"] if allowed else []),
        ]
        # A profile of its own: in a private window Chromium shows tickets to nobody.
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=shutil.which("chromium"), args=flags, env={**os.environ, **environment}
        )
        try:
            yield browser.pages[0]
        finally:
            browser.close()


def logged_on(site: Site, credentials: Credentials, cache: Path) -> dict[str, str]:
    """Log the person on as kinit does; return what a program has to find in its environment."""
    environment = {"KRB5_CONFIG": str(site.directory.krb5_config), "KRB5CCNAME": f"FILE:{cache}"}
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        context = krb5.init_context()
        principal = krb5.parse_name_flags(
            context, f"{credentials.name.partition('@')[0]}@{site.directory.realm}".encode()
        )
        options = krb5.get_init_creds_opt_alloc(context)
        tickets = krb5.cc_resolve(context, f"FILE:{cache}".encode())  # libkrb5 keeps no cache alive by itself
        krb5.get_init_creds_opt_set_out_ccache(context, options, tickets)
        krb5.get_init_creds_password(context, principal, options, credentials.password.encode())
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return environment


def start(name: str) -> str:
    asked = {
        "client_id": AZURE_CLI, "response_type": "code", "redirect_uri": NATIVE_REPLY, "scope": GRAPH_SCOPE,
        "state": "our-state", "login_hint": name, "domain_hint": name.rpartition("@")[2],
    }  # fmt: skip
    return f"https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?{urlencode(asked)}"


def went_by(page: Page) -> list[str]:
    """Keep the addresses that the page's own frame asks for, without their questions."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request():
            seen.append(f"{request.method} {request.url.partition('?')[0]}")

    page.on("request", note)
    return seen


def home(page: Page, address: str) -> str:
    """Go on until the program's own address is asked for, where nobody listens; return it."""
    with page.expect_request(lambda request: request.url.startswith(NATIVE_REPLY), timeout=LIMIT_MS) as asked:
        if address:
            page.goto(address, wait_until="commit")
        else:
            page.click("#submitButton")
    return asked.value.url


def token_for(site: Site, code: str) -> Token:
    body = oauth.build_code_grant(code, client_id=AZURE_CLI, redirect_uri=NATIVE_REPLY, wanted=("scope", GRAPH_SCOPE))
    request = HttpRequest(
        method="POST",
        url=f"{site.entra.login_url}/organizations/oauth2/v2.0/token",
        headers=(("Content-Type", oauth.CONTENT_TYPE),),
        body=body,
    )
    with Http(site, None, limit_s=20) as http:
        answer = oauth.parse_token_reply(http.send(request).reply)
    assert isinstance(answer, Token), answer
    return answer


def claims_of(token: Token) -> dict[str, str]:
    return dict(oauth.read_jwt_claims(token.access_token))


def ours(site: Site, credentials: Credentials, *, by_ticket: bool) -> list[str]:
    """The addresses that our own browser goes by, from Entra to login.srf, but for what it looks up beside."""
    run = browse_at(site, credentials, by_ticket=by_ticket)
    assert run.evidence is not None
    assert run.evidence.result is SignInResult.SIGNED_IN
    went = [item for item in run.transcript.exchanges if item.step is not Step.FEDERATION_METADATA]
    asked = [item.request for item in went if isinstance(item.request, HttpRequest)]
    return [f"{request.method} {request.url.partition('?')[0]}" for request in asked[1:-1]]


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_the_page_is_filled_in_as_we_fill_it_in(lab: Lab, profile: str) -> None:
    with lab.site(idp={"profile": profile, "passive": {"door": "form"}}) as site:
        carol = find_credentials(site, "carol")
        with chromium(site, environment={}, allowed="") as page:
            seen = went_by(page)
            page.goto(start(carol.name), timeout=LIMIT_MS)
            page.fill("#userNameInput", carol.name)
            page.fill("#passwordInput", carol.password)
            reply = parse_qs(urlsplit(home(page, "")).query)
        assert reply["state"] == ["our-state"]
        assert claims_of(token_for(site, reply["code"][0]))["upn"] == carol.name
        assert seen[:-1] == ours(site, carol, by_ticket=False)


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_the_ticket_is_shown_as_we_show_it(lab: Lab, tmp_path: Path, profile: str) -> None:
    with lab.site(idp={"profile": profile, "passive": {"door": "integrated"}}) as site:
        carol = find_credentials(site, "carol")
        environment = logged_on(site, carol, tmp_path / "cache")
        with chromium(site, environment=environment, allowed="*.hybridjoin.test") as page:
            seen = went_by(page)
            reply = parse_qs(urlsplit(home(page, start(carol.name))).query)
        assert claims_of(token_for(site, reply["code"][0]))["upn"] == carol.name
        assert seen[:-1] == ours(site, carol, by_ticket=True)


def test_without_a_list_of_servers_a_real_browser_shows_no_ticket(lab: Lab, tmp_path: Path) -> None:
    """Chromium's AuthServerAllowlist is empty by default: people with a ticket see the 401's page."""
    with lab.site(idp={"profile": "adfs", "passive": {"door": "integrated"}}) as site:
        carol = find_credentials(site, "carol")
        environment = logged_on(site, carol, tmp_path / "cache")
        with chromium(site, environment=environment, allowed="") as page:
            page.goto(start(carol.name), timeout=LIMIT_MS)
            shown = page.inner_text("h1")
        assert shown == "401 - Unauthorized"

"""oauth2-proxy, of the Go module proxy, in front of an application: people sign in at Entra, by either provider."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from hybridjoin.model.site import Site
from tests.peers import relying
from tests.peers.callers import Caller, Told
from tests.peers.catalogue import Program
from tests.peers.fetched import carried_out
from tests.peers.fetched import program as installed
from tests.peers.hall import GUESTS, Hall
from tests.peers.relying import Application, Set

HERE = Path(__file__).parent
MODULE = "github.com/oauth2-proxy/oauth2-proxy/v7"
HOST = "proxy.guest.example"
CALLBACK = "/oauth2/callback"
PAGE = "/oauth2/start?rd=/oauth2/userinfo"
PROVIDERS = ("oidc", "entra-id")


def fetch(folder: Path) -> None:
    """Build it once; go itself holds every module against go.sum, and takes no other."""
    if not built(folder).exists():
        go, draft = installed("go", package="golang-go, whose version go.mod names"), folder / "draft"
        carried_out(go, "build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-o", draft, MODULE, cwd=HERE)
        draft.rename(built(folder))


def built(folder: Path) -> Path:
    """Return where the program is."""
    return folder / "oauth2-proxy"


def programs(brought: Path, there: Set, hall: Hall, site: Site, tenant: str, provider: str) -> Iterator[Program]:
    """Say how it is started in each of the three ways: each is a process at a port of its own."""
    assert site.bridge is not None
    wrong = there.folder / "secret-id"
    wrong.write_text(site.bridge.secret_id, "utf-8")
    for port, secret, callback in (
        (443, site.bridge.secret_file, CALLBACK),
        (444, wrong, CALLBACK),
        (445, site.bridge.secret_file, CALLBACK.upper()),
    ):
        told = {
            "provider": provider,
            "oidc-issuer-url": f"{site.entra.login_url}/{tenant}/v2.0",
            "provider-ca-file": hall.ca_file,
            "client-id": site.bridge.client_id,
            "client-secret-file": secret,
            "redirect-url": f"https://{HOST}:{port}{callback}",
            "scope": "openid profile email",
            "code-challenge-method": "S256",
            "skip-provider-button": "true",
            "email-domain": "*",
            "upstream": "static://200",
            "http-address": "",
            "https-address": f"{GUESTS}:{port}",
            "tls-cert-file": there.tls[0],
            "tls-key-file": there.tls[1],
        }
        yield Program(
            command=(str(built(brought)), *(f"--{name}={value}" for name, value in told.items())),
            environment={"OAUTH2_PROXY_COOKIE_SECRET": secrets.token_hex(16), "SSL_CERT_FILE": str(hall.ca_file)},
        )


def visit(brought: Path, hall: Hall) -> Iterator[Told]:
    """Sign carol in by each of its providers for Entra, where all is well, and where one thing is not."""
    there, found = relying.made(hall, HOST), list[str]()
    for provider in PROVIDERS:
        application = application_of(brought, there, hall, provider)
        found += [f"{provider}: {fault}" for fault in relying.faults(application, hall, there)]
    yield "bridge", [*found, *_faults_of_many_groups(brought, there, hall)]


def application_of(brought: Path, there: Set, hall: Hall, provider: str) -> Application:
    """Say how it is set up with one of its providers."""
    return Application(
        good=f"https://{HOST}{PAGE}",
        secret_wrong=f"https://{HOST}:444{PAGE}",
        redirect_wrong=f"https://{HOST}:445{PAGE}",
        redirect_uris=tuple(f"https://{HOST}:{port}{CALLBACK}" for port in (443, 444, 445)),
        programs=lambda site, tenant: list(programs(brought, there, hall, site, tenant, provider)),
        ports=(443, 444, 445),
        shows=lambda: (f'"groups":["{hall.group_id("Staff")}"]', '"preferredUsername":"carol@hybridjoin.test"'),
        of_v1="issued by a different provider",
        of_common="issuer did not match the issuer returned by provider",
    )


def _faults_of_many_groups(brought: Path, there: Set, hall: Hall) -> Iterator[str]:
    """Say where it does not ask Graph for groups that are too many for a token; its provider oidc shows none then."""
    for provider, among in {"oidc": False, "entra-id": True}.items():
        application = application_of(brought, there, hall, provider)
        many = {"faults": [{"name": "many-groups"}]}
        with relying.set_up(application, hall, there, many) as site:
            shown = relying.opened(hall, there, site, application.good)
            if (hall.group_id("Staff") in shown.text) is not among or relying.HERS not in shown.text:
                yield f"{provider}, too many groups: {relying.instead(there, shown)}"


CALLER = Caller(
    name="oauth2_proxy",
    title="oauth2-proxy 7.15.6",
    lock="go.sum",
    fetch=fetch,
    doors={"bridge": relying.WORKS},
    visit=visit,
)

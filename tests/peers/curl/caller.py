"""curl, as this machine has it: a person's ticket by Negotiate, one address after the other, as in a shell script."""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from hybridjoin.model.site import Site
from tests.peers.callers import Caller, Told
from tests.peers.fetched import program
from tests.peers.hall import Hall
from tests.peers.persons import AZURE_CLI, GRAPH, faults_of_token

TRUSTS = {
    "13": "http://docs.oasis-open.org/ws-sx/ws-trust/200512",
    "2005": "http://schemas.xmlsoap.org/ws/2005/02/trust",
}
NO_KEY = "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey"
RST = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing">
<s:Header><a:Action s:mustUnderstand="1">{action}</a:Action><a:MessageID>urn:uuid:{id}</a:MessageID>
<a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>
<a:To s:mustUnderstand="1">{to}</a:To></s:Header>
<s:Body><t:RequestSecurityToken xmlns:t="{trust}">
<wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference>
<a:Address>urn:federation:MicrosoftOnline</a:Address></a:EndpointReference></wsp:AppliesTo>
<t:KeyType>{key}</t:KeyType><t:RequestType>{trust}/Issue</t:RequestType>
</t:RequestSecurityToken></s:Body></s:Envelope>"""
ASSERTION = re.compile(r"<(\w+:)?Assertion\b.*</(\w+:)?Assertion>", re.DOTALL)


def fetch(_folder: Path) -> None:
    """It is the machine's own; nothing is brought."""
    program("curl", package="curl")


def visit(_brought: Path, hall: Hall) -> Iterator[Told]:
    """Sign carol in by her ticket, in both versions, and not without one."""
    with hall.lab.site(idp={"profile": "adfs"}) as site:
        yield "sign-in-integrated", list(_faults(hall, site))


def _faults(hall: Hall, site: Site) -> Iterator[str]:
    environment = {"KRB5_CONFIG": str(site.directory.krb5_config), "KRB5CCNAME": f"FILE:{hall.ticket(site, 'carol')}"}
    account, _ = hall.person(site, "carol")
    user, login = account.user_principal_name, site.entra.login_url
    realm = json.loads(_curl(hall, f"{login}/common/userrealm/{user}?api-version=1.0"))
    metadata = _curl(hall, realm["federation_metadata_url"])
    for version, trust in TRUSTS.items():
        (address,) = set(re.findall(rf'"(https://[^"]*/trust/{version}/windowstransport)"', metadata))
        key = f"{trust}/Bearer" if version == "13" else NO_KEY
        told = RST.format(action=f"{trust}/RST/Issue", id=uuid.uuid4(), to=address, trust=trust, key=key)
        asked = ("--header", "Content-Type: application/soap+xml; charset=utf-8", "--data-binary", "@-", address)
        if _curl(hall, *asked, told=told, fails=False):
            yield f"{version}: without a ticket something came"
        reply = _curl(hall, "--negotiate", "--user", ":", *asked, told=told, environment=environment)
        found = ASSERTION.search(reply)
        if found is None:
            yield f"{version}: no assertion came, but {unescape(reply)[:200]}"
            continue
        grant = base64.b64encode(found[0].encode()).decode("ascii")
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:saml1_1-bearer", "client_id": AZURE_CLI,
                "scope": f"{GRAPH}/User.Read openid", "assertion": grant}  # fmt: skip
        fields = [word for name, value in form.items() for word in ("--data-urlencode", f"{name}={value}")]
        answer = json.loads(_curl(hall, *fields, f"{login}/{site.entra.tenant_id}/oauth2/v2.0/token"))
        yield from (
            f"{version}: {fault}" for fault in faults_of_token(answer["access_token"], site, user, methods=["wia"])
        )


def _curl(
    hall: Hall, *words: str, told: str = "", environment: dict[str, str] | None = None, fails: bool = True
) -> str:
    """Carry curl out; what it did not get is an error that names the address, or nothing."""
    done = hall.carried_out("curl", "--silent", "--show-error", "--fail", *words, told=told, environment=environment)
    if done.returncode != 0 and fails:
        raise RuntimeError(f"{words[-1]}: {done.stderr.strip()}")
    return done.stdout if done.returncode == 0 else ""


CALLER = Caller(
    name="curl",
    title="curl",
    lock="",
    fetch=fetch,
    doors={"sign-in-integrated": "a person's token by Negotiate in both versions; nothing without a ticket"},
    visit=visit,
)

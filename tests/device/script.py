"""Hands that answer from a script: no network, no clock, no chance."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.device.driver import Changed, Sent
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import JoinRun, join_with
from hybridjoin.device.needs import Manner, Read
from hybridjoin.device.readings import read
from hybridjoin.errors import HarnessError
from hybridjoin.model.exchange import (
    MODIFIED,
    HttpReply,
    HttpRequest,
    ModifyReply,
    ModifyRequest,
    Proof,
    SearchReply,
    SearchRequest,
    ServerProof,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.flows import HYBRID_JOIN, MANAGED_JOIN
from hybridjoin.model.reading import Reading
from hybridjoin.model.site import DeviceAccount, Directory, Entra, IdentityProvider, Site
from hybridjoin.model.steps import FlowTable, Step
from tests.device import documents

Reply = HttpReply | SearchReply | ModifyReply | TicketReply | HarnessError
Late = Callable[["Script", HttpRequest], Reply]
Answers = Mapping[Step, Reply | Late]

TICKET = TicketReply(
    client="PC7$@CORP.CONTOSO.EXAMPLE",
    server="HTTP/sts.contoso.example@CORP.CONTOSO.EXAMPLE",
    ticket_etype="aes256-cts-hmac-sha1-96",
    session_etype="aes256-cts-hmac-sha1-96",
    starts_at=documents.NOON,
    ends_at=documents.NOON + timedelta(hours=10),
)

SITE = Site(
    name="contoso",
    directory=Directory(
        realm="CORP.CONTOSO.EXAMPLE",
        domain="corp.contoso.example",
        netbios="CORP",
        forest="corp.contoso.example",
        domain_controller="DC02.corp.contoso.example",
        krb5_config=Path("krb5.conf"),
        ldap_url="ldap://dc02.corp.contoso.example",
        base_dn="DC=corp,DC=contoso,DC=example",
    ),
    idp=IdentityProvider(
        issuer=documents.ISSUER,
        signing_certificates=(documents.signing_certificate().public_bytes(Encoding.DER),),
    ),
    entra=Entra(tenant_id=documents.TENANT_ID, tenant_name=documents.TENANT_NAME),
    devices=(DeviceAccount(name="PC7", keytab=Path("pc7.keytab")),),
)


@dataclass
class Script:
    """Answers each step; keeps what was asked."""

    answers: dict[Step, Reply | Late]
    asked: list[tuple[Step, object]] = field(default_factory=list)
    keys: list[RSAPrivateKey] = field(default_factory=list)
    ids: int = 0

    def now(self) -> datetime:
        return documents.NOON

    def begin(self, step: Step) -> datetime:
        return self.now()

    def read(self, need: Read) -> Reading:
        return read(need)

    def new_id(self) -> uuid.UUID:
        self.ids += 1
        return uuid.UUID(int=0xAAAABBBBCCCC4DDD8EEE000000000000 + self.ids)

    def new_key(self) -> RSAPrivateKey:
        self.keys.append(documents.key(f"device {len(self.keys)}"))
        return self.keys[-1]

    def machine_key(self) -> RSAPrivateKey:
        return documents.key("machine")

    def ticket(self, request: TicketRequest) -> TicketReply:
        found = self._answer(Step.TICKET, request)
        assert isinstance(found, TicketReply)
        return found

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        step = _step(request)
        assert as_computer == (step is Step.RST), "only the RST carries the computer's ticket"
        found = self._answer(step, request)
        assert isinstance(found, HttpReply)
        if as_computer and found.status < 400 and found.server_proof is None:
            found = replace(found, server_proof=ServerProof(proof=Proof.GOOD))
        return Sent(request=request, reply=found)

    def search(self, request: SearchRequest) -> SearchReply:
        if request.base.startswith("CN=62a0ff2e"):
            step = Step.SCP
        elif request.filter.startswith("(objectSid="):
            step = Step.SID_OWNER
        else:
            assert "sAMAccountName=" in request.filter, f"the script knows no such search: {request}"
            step = Step.COMPUTER
        found = self._answer(step, request)
        assert isinstance(found, SearchReply)
        return found

    def modify(self, request: ModifyRequest) -> Changed:
        found = self._answer(Step.USER_CERTIFICATE, request)
        assert isinstance(found, ModifyReply)
        return Changed(request=request, reply=found)

    def _answer(self, step: Step, request: object) -> Reply:
        self.asked.append((step, request))
        found = self.answers[step]
        if callable(found):
            assert isinstance(request, HttpRequest)
            found = found(self, request)
        if isinstance(found, HarnessError):
            raise found
        return found

    @property
    def steps(self) -> list[Step]:
        return [step for step, _ in self.asked]

    def request(self, step: Step) -> HttpRequest:
        """The last HTTP request of a step."""
        found = [request for asked, request in self.asked if asked is step]
        request = found[-1]
        assert isinstance(request, HttpRequest)
        return request


def _step(request: HttpRequest) -> Step:
    path = request.url.partition("://")[2].partition("/")[2].partition("?")[0]
    known = {
        f"{documents.TENANT_NAME}/discover": Step.DISCOVER,
        "common/UserRealm/": Step.REALM,
        "common/oauth2/token": Step.TOKEN,
        "EnrollmentServer/device/": Step.JOIN,
        f"EnrollmentServer/device/{documents.DEVICE_GUID}": Step.SYNC_JOIN,
    }
    if path in known:
        return known[path]
    return Step.MEX if "/mex" in path else Step.RST


def registered(script: Script, _request: HttpRequest) -> Reply:
    """The certificate for the device key: the last but one that was made."""
    return documents.joined(script.keys[-2])


def refused(_script: Script, request: HttpRequest) -> Reply:
    """Entra's refusal, with the correlation id of the request."""
    return documents.refusal(dict(request.headers)["client-request-id"])


SUCCESS: Answers = {
    Step.COMPUTER: SearchReply(entries=(documents.computer_entry(),)),
    Step.SCP: SearchReply(entries=(documents.scp_entry(),)),
    Step.DISCOVER: documents.discovery(),
    Step.REALM: documents.realm(),
    Step.MEX: documents.mex(),
    Step.TICKET: TICKET,
    Step.RST: documents.rstr(),
    Step.SID_OWNER: SearchReply(entries=()),
    Step.TOKEN: documents.token(),
    Step.JOIN: registered,
    Step.USER_CERTIFICATE: ModifyReply(result=MODIFIED),
    Step.SYNC_JOIN: registered,
}


def play(
    changes: Answers | None = None, habits: Habits | None = None, site: Site = SITE, flow: FlowTable = HYBRID_JOIN
) -> tuple[JoinRun, Script]:
    """Play a join whose answers are those of a success but for some."""
    script = Script({**SUCCESS, **(changes or {})})
    return join_with(script, site, site.devices[0], habits or Habits(), flow), script


def play_managed(changes: Answers | None = None, habits: Habits | None = None) -> tuple[JoinRun, Script]:
    """Play the join of a computer of a managed domain."""
    managed: Answers = {Step.REALM: documents.realm(account_type="Managed"), **(changes or {})}
    return play(managed, habits, flow=MANAGED_JOIN)

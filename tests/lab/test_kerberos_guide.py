"""The vendor guide's Kerberos section followed in its order, on one account of a real directory, nothing set back.

The computer keeps its tickets from step to step, as Windows does, and the identity provider is started anew where the
guide restarts the gateway. What `explain` names as next at each step is what is done.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from hybridjoin.device.adapters.kerberos import Kerberos
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import join_site
from hybridjoin.knowledge.aes_guide import GUIDE, next_steps
from hybridjoin.lab.dial.admin import Admin, administrator
from hybridjoin.lab.dial.behind import forget_aes_keys
from hybridjoin.lab.dial.bench import Order
from hybridjoin.lab.dial.services import AES256_BIT, quoted
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.keytab import make_keytab, write_keytab
from hybridjoin.lab.lab import Lab
from hybridjoin.lab.shared_domain import SharedDomain
from hybridjoin.model.dialled import HeardLine
from hybridjoin.model.exchange import TicketReply
from hybridjoin.model.record import FlowResult, JoinRecord, JoinResult
from hybridjoin.model.site import DeviceAccount, Site
from hybridjoin.run.attempt import judged
from hybridjoin.run.flows import JOIN
from hybridjoin.scenario.lab.lab_file import LabFile

RC4, AES = "arcfour-hmac", "aes256-cts-hmac-sha1-96"


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What one join came to."""

    join: JoinRecord
    ticket: TicketReply
    heard: tuple[HeardLine, ...]

    @property
    def noted(self) -> str:
        return "\n".join(item.line for item in self.heard)

    @property
    def seen(self) -> tuple[FlowResult, str, int]:
        return self.join.result, self.ticket.ticket_etype, self.ticket.ticket_kvno

    @property
    def may_stand_at(self) -> set[int]:
        return {step.number for step in next_steps(self.join, self.heard)}


@dataclass(kw_only=True)
class Walk:
    """An account in the directory, the keytab that the identity provider has of it, and a computer with its cache."""

    lab: Lab
    admin: Admin
    folder: Path
    tickets: str = field(default_factory=lambda: f"walk-{secrets.token_hex(4)}")
    password: str = "Aa1.first-password-of-all"
    version: int = 1

    @property
    def host(self) -> str:
        return f"sts-walk.dial.{self.lab.lab_file.domain.name}"

    @property
    def dn(self) -> str:
        return f"CN=svc-walk,CN=Users,{self.lab.domain.directory.base_dn}"

    def create(self) -> None:
        """An account of long ago: nobody ticked anything."""
        self.admin.add(
            self.dn,
            {
                "objectClass": "user",
                "sAMAccountName": "svc-walk",
                "userAccountControl": "512",
                "unicodePwd": quoted(self.password),
                "servicePrincipalName": f"HTTP/{self.host}",
            },
        )
        self.export_keytab()

    def tick_the_box(self) -> None:
        self.admin.write(self.dn, {"msDS-SupportedEncryptionTypes": str(AES256_BIT)})

    def reset_password(self) -> None:
        self.password, self.version = f"Aa1.{secrets.token_hex(12)}", self.version + 1
        self.admin.write(self.dn, {"unicodePwd": quoted(self.password)})
        assert self.admin.read(self.dn, "msDS-KeyVersionNumber") == (str(self.version).encode(),)

    def export_keytab(self) -> None:
        realm = self.lab.domain.directory.realm
        made = make_keytab(
            principals=(f"HTTP/{self.host}",),
            realm=realm,
            password=self.password,
            salt=f"{realm}svc-walk",
            version=self.version,
        )
        write_keytab(self.folder / "idp.keytab", made)

    def purge(self) -> None:
        with Kerberos(self.computer(self.lab.domain.devices), self.lab.domain.directory, time_sync=False) as kerberos:
            kerberos.purge()

    def computer(self, devices: tuple[DeviceAccount, ...]) -> DeviceAccount:
        return replace(next(item for item in devices if item.name == "WS01"), tickets=self.tickets)

    def join(self) -> Came:
        """Restart the identity provider, and send the computer with whatever tickets it has."""
        idp = {"service_host": self.host, "keytab": str(self.folder / "idp.keytab"), "accept_rc4": True}
        unbent = Order(name="walk", bends=(), device="WS01", person="carol")
        with self.lab.site(idp=idp, dial=unbent) as site:
            run = join_site(self._with_tickets(site), "WS01", Habits(fallback_to_sync_join=False))
            heard = site.overheard()
        record = judged(JOIN, "WS01", run)
        assert record is not None
        tickets = [item.reply for item in record.exchanges if isinstance(item.reply, TicketReply)]
        return Came(join=record, ticket=tickets[-1], heard=heard)

    def _with_tickets(self, site: Site) -> Site:
        others = tuple(item for item in site.devices if item.name != "WS01")
        return replace(site, devices=(self.computer(site.devices), *others))


@pytest.fixture
def walk(lab_file: LabFile, domain: Domain, tmp_path: Path) -> Iterator[Walk]:
    with ExitStack() as stack:
        lab = stack.enter_context(Lab(lab_file, backend=SharedDomain(domain)))
        found = Walk(lab=lab, admin=stack.enter_context(administrator(domain)), folder=tmp_path)
        found.create()
        stack.callback(found.admin.remove, found.dn)
        stack.callback(found.purge)
        yield found


def stands_at(bend: str) -> int:
    """Where the guide has the state that a row of the dial stands for."""
    return next(number for number, state in enumerate(GUIDE, start=1) if bend in state.bends)


@pytest.mark.lab
def test_an_account_whose_password_is_young_enough_is_mended_by_the_box_and_a_purge(walk: Walk) -> None:
    untouched = walk.join()
    assert untouched.seen == (JoinResult.FAILED, RC4, 1)
    assert stands_at("service-etypes-unset") in untouched.may_stand_at

    walk.tick_the_box()
    kept = walk.join()
    assert kept.seen == (JoinResult.FAILED, RC4, 1)
    assert kept.ticket == untouched.ticket, "the ticket of before is shown, and none is asked for"
    assert stands_at("ticket-from-before-aes") in kept.may_stand_at

    walk.purge()
    assert walk.join().seen == (JoinResult.FEDERATED, AES, 1)


@pytest.mark.lab
def test_an_account_without_aes_keys_goes_the_guides_whole_way(walk: Walk) -> None:
    forget_aes_keys(walk.lab.domain, walk.dn)
    untouched = walk.join()
    assert untouched.seen == (JoinResult.FAILED, RC4, 1)
    assert stands_at("service-etypes-unset") in untouched.may_stand_at

    walk.tick_the_box()
    assert walk.join().ticket == untouched.ticket

    walk.purge()
    keyless = walk.join()
    assert keyless.seen == (JoinResult.FAILED, RC4, 1)
    assert stands_at("service-without-aes-keys") in keyless.may_stand_at
    assert "found in keytab but not with enctype rc4-hmac" in keyless.noted

    walk.reset_password()
    walk.purge()
    stale = walk.join()
    assert stale.seen == (JoinResult.FAILED, AES, 2)
    assert stale.may_stand_at == {stands_at("keytab-stale")}
    assert "kvno 2 not found in keytab" in stale.noted
    assert f"the keytab holds kvno 1 aes128-cts-hmac-sha1-96, kvno 1 {AES}" in stale.noted

    walk.reset_password()  # as ktpass does where it is given a password: it exports what it has just set
    walk.export_keytab()
    outdated = walk.join()
    assert outdated.ticket == stale.ticket
    assert outdated.may_stand_at == {stands_at("ticket-from-before-reset")}
    assert f"the keytab holds kvno 3 aes128-cts-hmac-sha1-96, kvno 3 {AES}" in outdated.noted

    walk.purge()
    mended = walk.join()
    assert mended.seen == (JoinResult.FEDERATED, AES, 3)
    assert f"({AES}, kvno 3)" in mended.noted
    assert mended.may_stand_at == set()

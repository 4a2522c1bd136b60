"""The Entra double's judge on a bench of its own: a tenant made of what one join knows, and no server around it."""

from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import parse_qs

from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.config import Domain, EntraConfig
from hybridjoin.doubles.entra.judge import DeviceSubject, Refusal, UserSubject, judge
from hybridjoin.doubles.entra.tenant import Snapshot, SyncedComputer, Tenant, anchor_of
from hybridjoin.evidence.facts import DirectoryFacts, TrustedCertificates, TrustedIssuer
from hybridjoin.evidence.parts import Parts
from hybridjoin.protocol import oauth
from hybridjoin.protocol.computer import Computer

_TENANT = uuid.UUID("00000000-0000-4000-8000-000000000000")
_DOMAIN = "federated.test"


class EntraJudge:
    """Asks what Entra would say to an assertion at the moment when the device received the good one."""

    def __init__(self, parts: Parts, *, now: datetime) -> None:
        facts, issuer = parts.get(DirectoryFacts), parts.get(TrustedIssuer)
        trusted = parts.get(TrustedCertificates)
        certificates = (*(trusted.certificates if trusted else ()), None, None)
        source_anchor = facts.source_anchor if facts else "auto"
        config = EntraConfig(
            tenant_id=_TENANT,
            tenant_name=_DOMAIN,
            display_name=_DOMAIN,
            domains=(
                Domain(
                    name=_DOMAIN,
                    federated=True,
                    issuer_uri=issuer.uri if issuer else "",
                    signing_certificate=certificates[0],
                    next_signing_certificate=certificates[1],
                ),
            ),
            source_anchor=source_anchor,
        )
        snapshot = _snapshot(facts.computer if facts else None, source_anchor)
        self._tenant = Tenant(config, lambda: snapshot)
        self._tenant.sync()
        self._now = now

    def ask(self, assertion: bytes) -> DeviceSubject | UserSubject | Refusal:
        """Hand an assertion in, in the very form that a device posts."""
        form = parse_qs(oauth.build_grant(assertion).decode("ascii"), keep_blank_values=True)
        fields = {name: tuple(values) for name, values in form.items()}
        return judge(Case(tenant=self._tenant, addressed="common", form=fields, now=self._now))


def _snapshot(computer: Computer | None, source_anchor: str) -> Snapshot:
    if computer is None:
        return Snapshot()
    consistency = computer.consistency_guid
    guid = uuid.UUID(bytes_le=consistency) if consistency is not None and len(consistency) == 16 else None
    synced = SyncedComputer(
        name=computer.name,
        object_guid=computer.object_guid,
        sid=computer.object_sid,
        source_anchor=anchor_of(computer.object_guid, guid, source_anchor),
        user_certificates=computer.user_certificates,
    )
    return Snapshot(computers=(synced,))

"""Device registration: the federated join, the synchronized one, a person's, and the certificate that all end with."""

from __future__ import annotations

import base64
import hashlib
import struct
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from hybridjoin.doubles.entra.authority import Authority, issue, validity
from hybridjoin.doubles.entra.enrolment import (
    Members,
    certificate_request,
    check_identity,
    check_members,
    check_transport_key,
    read_body,
    refuse_if,
    wants_client_sid,
)
from hybridjoin.doubles.entra.person import AZURE_AD, WORKPLACE, JoinType, Person, check_right, person_of
from hybridjoin.doubles.entra.resources import DRS_RESOURCES
from hybridjoin.doubles.entra.tenant import Device, JoinKind, SyncedComputer, Tenant
from hybridjoin.doubles.entra.tokens import BadToken, Claims, check_times, verify

ADMINISTRATORS = "S-1-5-32-544"
_ROLES = ("Global Administrator", "Microsoft Entra Joined Device Local Administrator")


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequest:
    """A join as it came over the wire; `authorization` is the header, `device_id` the path's last segment."""

    body: bytes
    api_version: str
    authorization: str = ""
    device_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A join that was granted: the device as it now is, and the reply."""

    device: Device
    reply: Mapping[str, object]


def join(tenant: Tenant, authority: Authority, request: JoinRequest, *, now: datetime) -> Joined:
    """Register the computer that an access token speaks for, or a device for the person whose token it is.

    Raises:
        JoinRefused: with the first rule that fires.
    """
    refuse_if(not request.api_version, "api-version-missing")
    claims = _verified(tenant, authority, request.authorization, now=now)
    person = person_of(claims)
    if person is not None:
        return _join_by_person(tenant, authority, person, request, now=now)
    object_guid, sid = _device(claims)
    members = read_body(request.body)
    key = _checked(members, members)
    known = tenant.named_by(object_guid)
    device = Device(
        device_id=known.device_id if known else object_guid,
        display_name=members.text("DeviceDisplayName"),
        sid=sid,
        synced=known.synced if known else None,
        joined_by=JoinKind.FEDERATED,
        registered_at=now,
        transport_key=members.text("TransportKey"),
    )
    return _register(tenant, authority, device, key, members, now=now)


def _join_by_person(
    tenant: Tenant, authority: Authority, person: Person, request: JoinRequest, *, now: datetime
) -> Joined:
    """Register a device for a person: a new one, whose id nobody knew before."""
    members = read_body(request.body, tuple(JoinType))
    join_type = JoinType(int(str(members.value("JoinType"))))
    check_right(tenant.config.device_policy, person, join_type, has=len(tenant.owned_by(person.object_id)))
    key = _checked(members, members)
    device = Device(
        device_id=uuid.uuid4(),
        display_name=members.text("DeviceDisplayName"),
        sid="",
        joined_by=JoinKind.PERSON,
        registered_at=now,
        transport_key=members.text("TransportKey"),
        trust_type=AZURE_AD if join_type is JoinType.JOINED else WORKPLACE,
        owner_id=person.object_id,
    )
    return _register(tenant, authority, device, key, members, now=now, upn=person.upn)


def sync_join(tenant: Tenant, authority: Authority, request: JoinRequest, *, now: datetime) -> Joined:
    """Register a computer that Entra Connect has synced and that proves itself with its userCertificate's key.

    Raises:
        JoinRefused: with the first rule that fires.
    """
    refuse_if(not request.api_version, "api-version-missing")
    members = read_body(request.body)
    facts = members.inside("ServerAdJoinData")
    key = _checked(members, facts)
    target = facts.text("TargetDomainId")
    refuse_if(not tenant.config.is_tenant(target), "tenant-unknown", tenant=target)
    computer = _synced(tenant, request.device_id)
    check_identity(facts.inside("ClientIdentity"), computer)
    device = Device(
        device_id=computer.object_guid,
        display_name=facts.text("DeviceDisplayName"),
        sid=computer.sid,
        synced=computer,
        joined_by=JoinKind.SYNCHRONIZED,
        registered_at=now,
        transport_key=facts.text("TransportKey"),
    )
    return _register(tenant, authority, device, key, members, now=now)


def _checked(members: Members, facts: Members) -> RSAPublicKey:
    check_members(facts)
    key = certificate_request(members)
    check_transport_key(facts)
    return key


def _verified(tenant: Tenant, authority: Authority, authorization: str, *, now: datetime) -> Claims:
    """Return what an access token says that this tenant signed for this service."""
    scheme, _, token = authorization.partition(" ")
    refuse_if(scheme.lower() != "bearer" or not token.strip(), "token-missing")
    claims: Claims = {}
    try:
        claims = verify(token.strip(), authority.token_key.public_key())
    except BadToken:
        refuse_if(True, "token-invalid")  # noqa: FBT003 - the rule has fired
    try:
        check_times(claims, now=now)
    except BadToken:
        refuse_if(True, "token-expired")  # noqa: FBT003 - the rule has fired
    ours = claims.get("aud") in DRS_RESOURCES and claims.get("tid") == str(tenant.config.tenant_id)
    refuse_if(not ours, "token-audience")
    return claims


def _device(claims: Claims) -> tuple[uuid.UUID, str]:
    """Return the GUID and SID of the computer whose token it is."""
    object_guid, sid = claims.get("on_prem_id"), claims.get("primary_sid")
    refuse_if(claims.get("account_type") != "DJ" or not object_guid or not sid, "token-not-a-device")
    return uuid.UUID(str(object_guid)), str(sid)


def _synced(tenant: Tenant, device_id: str) -> SyncedComputer:
    """Return the synced computer of a device id."""
    try:
        device = tenant.device(uuid.UUID(device_id))
    except ValueError:
        device = None
    refuse_if(device is None, "device-not-synced", device_id=device_id)
    synced = device.synced if device else None
    refuse_if(synced is None or not synced.user_certificates, "user-certificate-missing", device_id=device_id)
    if synced is None:
        raise LookupError("a device that is not synced passed the rules")
    return synced


def _register(
    tenant: Tenant,
    authority: Authority,
    device: Device,
    key: RSAPublicKey,
    members: Members,
    *,
    now: datetime,
    upn: str = "",
) -> Joined:
    certificate = _certificate(tenant, authority, device, key, now=now)
    registered = replace(device, registered=True, certificate=certificate)
    tenant.register(registered)
    if tenant.config.fault("device-gone"):
        tenant.delete(registered.display_name)
    thumbprint = hashlib.sha1(certificate).hexdigest().upper()  # noqa: S324 - what Windows calls a thumbprint
    if tenant.config.fault("wrong-thumbprint"):
        thumbprint = thumbprint[::-1]
    reply: dict[str, object] = {
        "Certificate": {"Thumbprint": thumbprint, "RawBody": base64.b64encode(certificate).decode("ascii")},
        # Nobody, where the token has no upn; the client must ignore it ([MS-DVRJ] 3.1.5.1.1.2).
        "User": {"Upn": upn},
    }
    if wants_client_sid(members) and device.trust_type != WORKPLACE:
        sids = [cloud_sid(uuid.uuid5(tenant.config.tenant_id, role)) for role in _ROLES]
        sids += [cloud_sid(device.owner_id)] if device.owner_id is not None else []  # whoever joins administers it
        reply["MembershipChanges"] = [{"LocalSID": ADMINISTRATORS, "AddSIDs": sids}]
    return Joined(device=registered, reply=reply)


def _certificate(tenant: Tenant, authority: Authority, device: Device, key: RSAPublicKey, *, now: datetime) -> bytes:
    """Issue the device's certificate, bent where a fault asks for it."""
    config = tenant.config
    start, end = validity(now.replace(microsecond=0))
    if config.fault("certificate-expired"):
        start, end = start - timedelta(days=30), now - timedelta(days=1)
    if config.fault("certificate-of-another-key"):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    device_id = uuid.uuid4() if config.fault("certificate-of-another-device") else device.device_id
    return issue(
        authority,
        key,
        device_id=device_id,
        owner_id=device.owner_id or device_id,
        tenant_id=uuid.uuid4() if config.fault("certificate-of-another-tenant") else config.tenant_id,
        not_before=start,
        not_after=end,
        joined=device.trust_type != WORKPLACE,
    )


def cloud_sid(object_id: uuid.UUID) -> str:
    """Write a cloud object's id as its SID: S-1-12-1 and the GUID's four little-endian words."""
    return "-".join(["S-1-12-1", *(str(word) for word in struct.unpack("<4I", object_id.bytes_le))])

"""The join in a managed domain: the computer writes a certificate of its own to its object, and waits to be synced.

One attempt of the scheduled task, which Windows makes at every sign-in and each hour: find the tenant as every computer
does, see that the key at hand is the one of a certificate at the own object, and ask to be registered as the device
that Entra Connect has made of that object. Until a cycle of Entra Connect has brought the certificate to Entra, the
answer is that there is no such device, and the next attempt asks again with the same key.

A certificate of somebody else's key is left where it is. Windows' own page says that the task writes the certificate,
not what becomes of others; whoever adds takes nothing away.
"""

from __future__ import annotations

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.join.context import JoinBuilder, JoinContext
from hybridjoin.device.join.discover import ask_realm
from hybridjoin.device.join.flow import begin, find_tenant
from hybridjoin.device.join.register import synchronize
from hybridjoin.device.needs import Flow, MachineKey, Modify, NewId, Now, ReadDeviceKey, ask
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import demand, failure, keep_refusal
from hybridjoin.errors import PeerError
from hybridjoin.evidence.facts import ManagedDevice, OwnCertificates
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import ModifyReply, ModifyRequest
from hybridjoin.model.flows import MANAGED_JOIN
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol import windows
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.user_certificate import OwnCertificate, make_user_certificate, read_user_certificate

_COMPUTER = MANAGED_JOIN.row(Step.COMPUTER)
_REALM = MANAGED_JOIN.row(Step.REALM)
_USER_CERTIFICATE = MANAGED_JOIN.row(Step.USER_CERTIFICATE)
USER_CERTIFICATE = "userCertificate"


def join_managed(context: JoinContext, builder: JoinBuilder) -> Flow[JoinEvidence]:
    """Make one attempt to join the device."""
    yield from begin(context, builder, MANAGED_JOIN)
    builder.keep(managed=ManagedDevice(os_version=context.habits.os_version))
    try:
        yield from _join(context, builder)
    except StepFailed as end:
        keep_refusal(builder, end.failure)
        builder.keep(failure=end.failure)
    return builder.evidence


def _join(context: JoinContext, builder: JoinBuilder) -> Flow[None]:
    """The attempt, read top to bottom."""
    tenant, drs = yield from find_tenant(context, builder)
    realm = yield from ask_realm(context, builder, tenant)
    if realm.federated:
        raise StepFailed(_federated(realm))
    own = builder.evidence.computer
    if own is None:
        raise StepFailed(_unseen())
    key = yield from have_own_certificate(context, builder, own)
    yield from synchronize(context, builder, drs, own, signing_key=key)
    builder.keep(result=JoinResult.SYNCHRONIZED)


def have_own_certificate(context: JoinContext, builder: JoinBuilder, own: Computer) -> Flow[RSAPrivateKey]:
    """See that a certificate at the own object is for the computer's key, or write one; return the key.

    Raises:
        StepFailed: the directory does not let the computer write it.
    """
    key = context.identity.user_certificate_key or (yield from ask(MachineKey()))
    found = _readable(own.user_certificates)
    known = OwnCertificates(found=found, unreadable=len(own.user_certificates) - len(found))
    for item in found:
        if (yield from ask(ReadDeviceKey(certificate=item.der, key=key))).ours:
            builder.keep(own_certificates=replace(known, ours=item))
            return key
    builder.keep(own_certificates=known)
    made = make_user_certificate(key, own.object_guid, now=(yield from ask(Now())), serial=(yield from ask(NewId())))
    request = ModifyRequest(dn=own.dn, attribute=USER_CERTIFICATE, values=(made,))
    reply = yield from demand(Modify(request=request, at=_USER_CERTIFICATE))
    if not reply.done:
        refused = f"{reply.result}: {reply.words}" if reply.words else reply.result
        builder.keep(own_certificates=replace(known, refused=refused))
        raise StepFailed(_not_written(own, reply))
    builder.keep(own_certificates=replace(known, ours=read_user_certificate(made), written=True))
    return key


def _readable(values: tuple[bytes, ...]) -> tuple[OwnCertificate, ...]:
    """Return the values that are certificates."""
    read: list[OwnCertificate] = []
    for der in values:
        try:
            read.append(read_user_certificate(der))
        except PeerError:
            continue
    return tuple(read)


def _federated(realm: UserRealm) -> Failure:
    """Windows would ask the identity provider for a token."""
    return failure(
        _REALM,
        f"the domain {realm.domain_name} is federated: its computers ask the IdP for a token first",
        windows.UNKNOWN,  # no failure to Windows, which joins the other way
        remedy="join it as what it is (`flow: join`), or let the SCP's azureADName name a managed domain",
        phase=Phase.AUTH,
    )


def _unseen() -> Failure:
    """A computer that could not read its own object knows neither its objectGUID nor its SID."""
    reason = "the computer could not read its own object, which the join is about"
    return failure(_COMPUTER, reason, windows.UNKNOWN, remedy="see that a domain controller answers the computer")


def _not_written(own: Computer, reply: ModifyReply) -> Failure:
    """The directory refused the certificate."""
    said = f"{reply.result} ({reply.words})" if reply.words else reply.result
    return failure(
        _USER_CERTIFICATE,
        f"the directory did not let the computer write {USER_CERTIFICATE} of {own.dn}: {said}",
        windows.UNKNOWN,
        remedy="let SELF write Personal Information of computer objects, as Active Directory does by default",
    )

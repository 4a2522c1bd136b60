"""One join of one device at a site, from the account's name to the screens that Windows would show."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hybridjoin.device.driver import Hands, Logbook
from hybridjoin.device.flow_run import FlowInterrupted, FlowRun, driven
from hybridjoin.device.habits import Habits
from hybridjoin.device.identity import Identity
from hybridjoin.device.join.context import JoinBuilder, JoinContext
from hybridjoin.device.join.flow import join
from hybridjoin.device.join.managed import join_managed
from hybridjoin.device.opening import open_hands
from hybridjoin.device.screens.debug import debug_lines
from hybridjoin.device.screens.facts import Facts
from hybridjoin.device.screens.status import status_lines
from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.circumstances import Circumstances, facts_of
from hybridjoin.model.flows import HYBRID_JOIN, MANAGED_JOIN
from hybridjoin.model.site import DeviceAccount, Site
from hybridjoin.model.steps import FlowTable
from hybridjoin.model.vault import VAULT

_WAYS = {HYBRID_JOIN.name: join, MANAGED_JOIN.name: join_managed}
JoinRun = FlowRun[JoinEvidence]
"""What one join brought to light, and the screens of `dsregcmd /join /debug` and `/status` after it."""


class JoinInterrupted(FlowInterrupted):
    """The surroundings failed in the middle of a join; `run` is what had been done until then."""

    run: JoinRun


def join_site(site: Site, device_name: str, habits: Habits | None = None, flow: FlowTable = HYBRID_JOIN) -> JoinRun:
    """Join a device of the site; raise UsageError where the site does not know it, JoinInterrupted mid-way."""
    habits = habits or Habits()
    account = find_account(site, device_name)
    with open_hands(site, account, habits) as hands:
        return join_with(hands, site, account, habits, flow)


def join_with(
    hands: Hands, site: Site, account: DeviceAccount, habits: Habits, flow: FlowTable = HYBRID_JOIN
) -> JoinRun:
    """Join with hands that are open already, as the computer of a federated or of a managed domain does.

    Raises:
        JoinInterrupted: the surroundings failed; what was done is in it.
    """
    habits = habits.on(account)
    identity = Identity(name=account.name, user_certificate_key=_signing_key(account))
    told = Circumstances(flow=flow.name, device=account.name, site=facts_of(site), habits=habits.facts)
    context = JoinContext(identity=identity, site=site, habits=habits)
    logbook, builder = Logbook(circumstances=told), JoinBuilder()
    evidence = driven(_WAYS[flow.name](context, builder), hands, logbook, builder, JoinInterrupted)
    facts = Facts.gather(site, identity, logbook.transcript, at=logbook.now(hands), newer=habits.build.newer)
    return FlowRun(
        evidence=evidence,
        transcript=logbook.transcript,
        debug_screen=debug_lines(evidence, facts),
        status_screen=status_lines(evidence, facts),
    )


def find_account(site: Site, device_name: str) -> DeviceAccount:
    """Return the site's account of that name.

    Raises:
        UsageError: there is none; the ones there are, are named.
    """
    account = site.device(device_name)
    if account is None:
        known = ", ".join(item.name for item in site.devices) or "none at all"
        raise UsageError(
            Mistake(
                place="device", problem=f"the site {site.name} has no device {device_name!r}", hint=f"it has {known}"
            )
        )
    return account


def _signing_key(account: DeviceAccount) -> RSAPrivateKey | None:
    """Read the key whose certificate stands in the account's userCertificate."""
    path = account.user_certificate_key
    if path is None:
        return None
    try:
        # Proving the key's primes would take longer than the rest of the join; a wrong key only signs wrongly.
        text = path.read_bytes()
        key = load_pem_private_key(text, password=None, unsafe_skip_rsa_key_validation=True)
        lines = text.decode("ascii", "replace").splitlines()
        VAULT.learn("".join(line for line in lines if "-" not in line), "a device's private key", lasting=True)
    except (OSError, ValueError, TypeError) as error:
        raise LabError(
            f"the userCertificate key of {account.name} cannot be read: {type(error).__name__} at {path}",
            remedy="name an unencrypted PEM private key in the site file",
        ) from error
    if not isinstance(key, RSAPrivateKey):
        raise LabError(f"the userCertificate key of {account.name} is not RSA", remedy="make an RSA-2048 key")
    return key

"""One logon of a person on a device that has joined a moment before, over the network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.driver import Hands, Logbook
from hybridjoin.device.flow_run import FlowRun, driven
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import find_account, join_with
from hybridjoin.device.opening import open_hands
from hybridjoin.device.screens.single_sign_on import single_sign_on_lines
from hybridjoin.device.signin.active import SignInBuilder, SignInContext
from hybridjoin.device.signin.logon import JoinedDevice, at_logon, log_on
from hybridjoin.device.signin.run import SignInInterrupted, SignInRun
from hybridjoin.device.signin.username import NOT_KEPT, Credentials
from hybridjoin.errors import LabError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.model.circumstances import Circumstances, facts_of
from hybridjoin.model.flows import PRIMARY_REFRESH_TOKEN
from hybridjoin.model.site import Site
from hybridjoin.model.vault import VAULT


@dataclass(slots=True)
class RememberingHands:
    """Hands that remember the keys that they made: a joined device has them still."""

    hands: Hands
    keys: list[RSAPrivateKey] = field(default_factory=list)

    def new_key(self) -> RSAPrivateKey:
        """Make a key, and remember it."""
        self.keys.append(self.hands.new_key())
        return self.keys[-1]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else hands do
        return getattr(self.hands, name)

    def joined_device(self, evidence: JoinEvidence | None) -> JoinedDevice | None:
        """Return the device that these hands have just joined, with its keys; None where it did not join."""
        registration = evidence.registration if evidence is not None else None
        if registration is None:
            return None
        key, transport_key = self.keys[-2:]
        return JoinedDevice(
            device_id=registration.device_id,
            certificate=registration.certificate,
            key=key,
            transport_key=transport_key,
        )


def log_on_at(site: Site, credentials: Credentials, device_name: str, habits: Habits | None = None) -> SignInRun:
    """Join a device of the site, and log a person on at it.

    Raises:
        SignInInterrupted: the surroundings failed mid-way, or the device did not join.
    """
    habits = habits or Habits()
    account = find_account(site, device_name)
    with open_hands(site, account, habits) as hands:
        remembering = RememberingHands(hands=hands)
        joined = join_with(cast("Hands", remembering), site, account, habits).evidence
        device = remembering.joined_device(joined)
        if device is None:
            why = joined.failure.reason if joined is not None and joined.failure is not None else "it did not begin"
            nothing: FlowRun[SignInEvidence] = FlowRun(evidence=None, transcript=Logbook().transcript)
            cause = LabError(
                f"{device_name} did not join, and a logon is one on a joined device: {why}", remedy="join it"
            )
            raise SignInInterrupted(cause, nothing)
        return log_on_with(hands, site, credentials, habits, device)


def log_on_with(hands: Hands, site: Site, credentials: Credentials, habits: Habits, device: JoinedDevice) -> SignInRun:
    """Log on with hands that are open already, on a device that is joined.

    Raises:
        SignInInterrupted: the surroundings failed; what was done is in it.
    """
    if credentials.password != NOT_KEPT:
        VAULT.learn(credentials.password, "a password", lasting=True)
    told = Circumstances(
        flow=PRIMARY_REFRESH_TOKEN.name,
        device=credentials.name,
        site=facts_of(site),
        habits=habits.facts,
        mistyped=credentials.mistyped,
    )
    logbook, builder = Logbook(circumstances=told), SignInBuilder()
    context = SignInContext(name=credentials.name, site=site, habits=habits, mistyped=credentials.mistyped)
    flow = log_on(context, builder, at_logon(credentials.password), device)
    evidence = driven(flow, hands, logbook, builder, SignInInterrupted)
    screen = single_sign_on_lines(evidence, logbook.transcript, site=site, at=logbook.now(hands))
    return FlowRun(evidence=evidence, transcript=logbook.transcript, status_screen=screen)


def log_on_again(hands: Hands, site: Site, name: str, habits: Habits, *, mistyped: bool) -> SignInRun:
    """Go through a logon once more: the device's keys are in no record, and any do."""
    device = JoinedDevice(device_id="", certificate=b"", key=hands.new_key(), transport_key=hands.new_key())
    return log_on_with(hands, site, Credentials(name=name, password=NOT_KEPT, mistyped=mistyped), habits, device)

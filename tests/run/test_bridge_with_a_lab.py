"""Each fault of the OpenID provider is caught by exactly its requirement, in a real sign-in through a bridge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from hybridjoin.checks import judge_flow
from hybridjoin.device.bridge.console import Console
from hybridjoin.device.bridge.run import BridgeRun, cross_bridge_at
from hybridjoin.device.password_file import read_password
from hybridjoin.device.signin.run import find_credentials
from hybridjoin.doubles.entra.config import ConnectConfig
from hybridjoin.doubles.entra.connect import directory_source
from hybridjoin.doubles.entra.faults import OPENID_FAULTS
from hybridjoin.lab.lab import Lab, open_lab
from hybridjoin.lab.standins.config import ldap_settings
from hybridjoin.model.record import SignInResult
from hybridjoin.model.relying_party import GroupsFrom
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.flows.bridging import relying_party
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.load import load_lab_file
from hybridjoin.scenario.scenario import BridgeSettings

pytestmark = pytest.mark.lab
CAUGHT_BY = {
    "configuration-without-userinfo": "BRIDGE-04",
    "keys-rolled-over": "BRIDGE-16",
    "keys-without-certificates": "BRIDGE-10",
    "keys-of-another-thumbprint": "BRIDGE-31",
    "state-lost": "BRIDGE-12",
    "nonce-lost": "BRIDGE-21",
    "id-token-touched": "BRIDGE-17",
    "id-token-of-v1": "BRIDGE-18",
    "id-token-for-another": "BRIDGE-19",
    "id-token-over": "BRIDGE-20",
    "userinfo-of-another": "BRIDGE-24",
    "mail-missing": "BRIDGE-25",
    "graph-denied": "BRIDGE-30",
    "many-groups": "BRIDGE-28",
}
REFUSED = {
    "state-lost", "nonce-lost", "keys-rolled-over", "id-token-touched", "id-token-of-v1", "id-token-for-another",
    "id-token-over",
}  # fmt: skip
"""What a relying party must not take."""


EMPTY: Mapping[str, object] = {}
SENT_ON: dict[str, Mapping[str, object]] = {
    "from Entra's page": {"cloud_password_validation": False},
    "at once": {"accelerate_to_domain": "hybridjoin.test"},
}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with open_lab(load_lab_file(default_lab_path()), "process") as opened:
        yield opened


def crossed(
    lab: Lab,
    *faults: str,
    groups_from: GroupsFrom = GroupsFrom.ID_TOKEN,
    application: Mapping[str, object] = EMPTY,
    idp: Mapping[str, object] = EMPTY,
) -> BridgeRun:
    entra = {"faults": [{"name": name} for name in faults], **({"application": application} if application else {})}
    with lab.site(entra=entra, idp=idp) as site:
        assert site.bridge is not None
        party = relying_party(site, site.bridge, BridgeSettings())
        console = Console(
            relying_party=replace(party, groups_from=groups_from),
            secret=read_password(site.bridge.secret_file),
            credentials=find_credentials(site, "carol"),
        )
        return cross_bridge_at(site, console)


def test_every_fault_is_known_here() -> None:
    assert {fault.name for fault in OPENID_FAULTS} == set(CAUGHT_BY)


@pytest.mark.parametrize("fault", CAUGHT_BY)
def test_a_fault_is_caught_by_exactly_its_requirement(lab: Lab, fault: str) -> None:
    asks = GroupsFrom.GRAPH_ME if fault == "graph-denied" else GroupsFrom.ID_TOKEN
    run = crossed(lab, fault, groups_from=asks)
    assert run.evidence is not None
    verdicts = judge_flow(run.evidence.parts)

    broken = {item.requirement for item in verdicts if item.outcome not in {Outcome.PASSED, Outcome.SKIPPED}}
    assert broken == {CAUGHT_BY[fault]}
    wanted = SignInResult.NOT_SIGNED_IN if fault in REFUSED else SignInResult.SIGNED_IN
    assert run.evidence.result is wanted


def test_a_healthy_sign_in_breaks_nothing_and_keeps_no_secret(lab: Lab) -> None:
    run = crossed(lab)
    assert run.evidence is not None

    verdicts = judge_flow(run.evidence.parts)
    assert [item for item in verdicts if item.outcome not in {Outcome.PASSED, Outcome.SKIPPED}] == []
    told = repr(run.transcript)
    assert run.evidence.tokens is not None
    assert run.evidence.response is not None
    for secret in (run.evidence.tokens.access_token, run.evidence.tokens.id_token, run.evidence.response.code):
        assert secret not in told
    assert lab.bridge_secret.value not in told


@pytest.mark.parametrize("application", SENT_ON.values(), ids=SENT_ON)
def test_a_federated_person_breaks_nothing_and_her_password_is_kept_nowhere(
    lab: Lab, application: Mapping[str, object]
) -> None:
    run = crossed(lab, application=application)
    assert run.evidence is not None

    assert run.evidence.result is SignInResult.SIGNED_IN
    verdicts = judge_flow(run.evidence.parts)
    assert [item for item in verdicts if item.outcome not in {Outcome.PASSED, Outcome.SKIPPED}] == []
    assert sum(item.outcome is Outcome.PASSED for item in verdicts) > 80
    told = repr(run.transcript)
    assert lab.domain.passwords["carol"].read_text("utf-8").strip() not in told
    assert lab.bridge_secret.value not in told


def anchors(lab: Lab) -> dict[str, str]:
    """What Entra Connect exports for the source anchor of each person of the lab's directory."""
    told = {name: str(value) for name, value in ldap_settings(lab.domain).items()}
    connect = ConnectConfig(**told)  # type: ignore[arg-type] # its texts alone
    return {user.name: user.source_anchor for user in directory_source(connect, "auto")().users}


def named(lab: Lab, person: str) -> BridgeRun:
    """Carol signs in at an identity provider whose assertions give somebody else's source anchor for hers."""
    anchor = f'"{anchors(lab)[person]}"'
    whose = {"subject": {"expression": anchor}, "claims": {"ImmutableID": {"value": anchor}}}
    return crossed(lab, application=SENT_ON["from Entra's page"], idp=whose)


def test_whom_the_assertion_names_is_who_comes_whatever_was_typed(lab: Lab) -> None:
    """Entra finds people by ImmutableID alone: dave's account is disabled, and alice's is not."""
    disabled, other = named(lab, "dave").evidence, named(lab, "alice").evidence

    assert disabled is not None
    assert disabled.failure is not None
    assert disabled.failure.step is Step.WRESULT
    assert disabled.entra_error is not None
    assert disabled.entra_error.code == 50057
    assert other is not None
    assert other.id_token is not None
    assert other.id_token.claim("preferred_username") == "alice@hybridjoin.test"

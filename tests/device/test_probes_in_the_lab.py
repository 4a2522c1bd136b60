"""Every probe against the reference IdP, with real tickets: a healthy one breaks no MUST, a bent one is caught."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.checks import judge
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import join_site
from hybridjoin.device.prober import Prober
from hybridjoin.device.probes.catalogue import PROBES
from hybridjoin.device.probes.probe import ProbeContext
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.lab.lab import Lab
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.model.site import Site
from hybridjoin.model.verdict import Outcome, Verdict

pytestmark = pytest.mark.lab
AREAS = ("MEX", "HTTP", "RST", "NEG", "FAULT")


def probed(site: Site) -> tuple[dict[str, ProbeResult], dict[str, Verdict]]:
    evidence = join_site(site, "WS01", Habits(fallback_to_sync_join=False)).evidence
    account = site.device("WS01")
    assert evidence is not None
    assert account is not None
    with Prober(site, account, ProbeContext.of(evidence, site)) as prober:
        results = tuple(prober.ask(probe, hostile=True) for probe in PROBES)
    for exchange in (exchange for result in results for exchange in result.transcript.exchanges):
        if isinstance(exchange.request, HttpRequest):
            assert not any("YII" in value for _, value in exchange.request.headers), "a ticket was kept"
    verdicts = judge(replace(evidence, probes=results).parts)
    return {item.probe: item for item in results}, {item.requirement: item for item in verdicts}


@pytest.mark.parametrize(
    ("profile", "silent"), [("pingone", {"rst-2005"}), ("adfs", {"mex-twin"})], ids=["pingone", "adfs"]
)
def test_a_healthy_idp_breaks_no_must(lab: Lab, profile: str, silent: set[str]) -> None:
    with lab.site(idp={"profile": profile}) as site:
        results, verdicts = probed(site)

    assert {name for name, item in results.items() if item.skipped} == silent
    assert {name for name, item in results.items() if item.interrupted} == set()
    assert [item for item in verdicts.values() if item.outcome in {Outcome.FAILED, Outcome.INTERRUPTED}] == []
    odd = [item for item in verdicts.values() if item.outcome is not Outcome.PASSED]
    assert [item for item in odd if item.outcome is not Outcome.SKIPPED] == []
    assert sum(item.outcome is Outcome.PASSED for item in verdicts.values()) > 150


def test_a_replay_is_refused_for_being_one(lab: Lab) -> None:
    with lab.site() as site:
        results, _ = probed(site)

    first, second = results["rst-replay"].answers
    assert (first.status, second.status) == (200, 401)
    assert results["rst-duplicate"].answers[1].status == 200
    assert results["rst-disabled"].answers[0].kerberos_error.startswith("KDC_ERR_CLIENT_REVOKED")


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ("401-without-negotiate", {"RSTR-01", "HTTP-02"}),
        ("ntlm-only", {"RSTR-01", "HTTP-02"}),
        ("http-500-html", {"RSTR-02"}),
        ("connection-reset", {"RSTR-01"}),
        ("wrong-audience", {"SAML-08"}),
    ],
)
def test_a_bent_idp_breaks_what_it_is_bent_in(lab: Lab, fault: str, broken: set[str]) -> None:
    with lab.site(idp={"faults": [{"name": fault}]}) as site:
        _, verdicts = probed(site)

    assert {name for name, item in verdicts.items() if item.outcome is Outcome.FAILED} == broken

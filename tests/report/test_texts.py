"""Places and reasons in the words that people see."""

from __future__ import annotations

import json

import pytest

from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import NotTested, Untested
from hybridjoin.model.where import Side, Spot, Where
from hybridjoin.report.json_report import decode_record, encode_record
from hybridjoin.report.reason_text import kind_of_reason, reason_text
from hybridjoin.report.where_text import where_text
from tests.report.certification_sample import certified_record

ELEMENT = Spot.ELEMENT


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (None, ""),
        (
            Where(step=Step.RST, spot=ELEMENT, name="saml:Attribute", label="accounttype"),
            "RSTR, saml:Attribute accounttype",
        ),
        (Where(step=Step.MEX, spot=ELEMENT, label="windows", line=12), "MEX, windows (line 12)"),
        (Where(step=Step.RST, spot=Spot.STATUS), "RSTR, HTTP status"),
        (Where(step=Step.RST, spot=Spot.HEADER, name="Content-Type"), "RSTR, Content-Type"),
        (Where(step=Step.RST, side=Side.REQUEST), "RST"),
        (Where(step=Step.MEX, side=Side.REQUEST), "MEX request"),
        (Where(step=Step.REALM, spot=Spot.MEMBER, name="account_type"), "user realm, account_type"),
        (Where(step=Step.TICKET, spot=Spot.TICKET, name="session key"), "Kerberos, session key"),
        (
            Where(step=Step.RST, spot=ELEMENT, name="ds:KeyInfo", join="2005"),
            "RSTR, ds:KeyInfo (join by WS-Trust 2005)",
        ),
        (Where(step=Step.RST, reader="xmlsec"), "RSTR, by xmlsec"),
        (Where(probe="rst-user"), "probe rst-user"),
        (Where(probe="mex-twice", answer=2, spot=Spot.STATUS), "HTTP status, answer 2 to the probe mex-twice"),
        (Where(step=Step.RST, side=Side.REQUEST, probe="rst-user"), "RST, probe rst-user"),
        (
            Where(document="federation settings", spot=Spot.MEMBER, name="issuerUri"),
            "federation settings, issuerUri",
        ),
        (Where(document="settings.json", line=3), "settings.json, line 3"),
    ],
)
def test_a_place_in_words(where: Where | None, words: str) -> None:
    assert where_text(where) == words


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("side", list(Side))
def test_every_message_has_a_name(step: Step, side: Side) -> None:
    assert where_text(Where(step=step, side=side))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (None, ""),
        (
            NotTested(reason=Untested.STEP_FAILED, step="mex", detail="HTTP 404"),
            "the flow ended at step 'mex': HTTP 404",
        ),
        (
            NotTested(reason=Untested.UNREADABLE, step="mex", detail="found a cat"),
            "the reply of step 'mex' could not be read: found a cat",
        ),
        (NotTested(reason=Untested.NOT_REACHED, step="join"), "the join did not come to step 'join'"),
        (
            NotTested(reason=Untested.JUDGED_ELSEWHERE, requirement="MEX-09", detail="a policy is lost"),
            "a policy is lost, which MEX-09 judges",
        ),
        (
            NotTested(reason=Untested.PROBE_SKIPPED, probe="rst-dtd", detail="it is hostile"),
            "the probe rst-dtd was not asked: it is hostile",
        ),
        (
            NotTested(reason=Untested.INTERRUPTED, probe="rst-dtd", detail="the KDC is gone"),
            "the probe rst-dtd could not be asked: the KDC is gone",
        ),
        (NotTested(reason=Untested.NO_FLOW), "no join came about that could have been judged"),
        (NotTested(reason=Untested.ABSENT, detail="the assertion is not signed"), "the assertion is not signed"),
    ],
)
def test_a_reason_in_words(reason: NotTested | None, words: str) -> None:
    assert reason_text(reason) == words


@pytest.mark.parametrize("kind", list(Untested))
def test_no_reason_is_without_words(kind: Untested) -> None:
    assert reason_text(NotTested(reason=kind))


def test_one_reason_of_several_probes_is_told_once() -> None:
    kinds = {
        kind_of_reason(NotTested(reason=Untested.PROBE_SKIPPED, probe=probe, detail="it is hostile"))
        for probe in ("rst-dtd", "rst-malformed")
    }

    assert [reason_text(kind) for kind in kinds] == ["it is hostile"]


def test_a_record_that_tells_places_in_words_is_read_and_its_places_are_not_linked() -> None:
    document = json.loads(encode_record(certified_record())) | {"schema": "hybridjoin-record/1"}
    for speaker in (document["scenarios"][0]["join"], *document["certification"]["probes"]):
        speaker["exchanges"] = []
    rows = document["certification"]["requirements"]
    rows[0]["where"] = "RSTR, saml:Attribute accounttype"
    rows[3] |= {"where": "", "tested": False, "why_not": "it is hostile", "found": ""}
    del rows[3]["not_tested"]
    verdicts = document["scenarios"][0]["join"]["verdicts"]
    verdicts[0] |= {"where": "MEX", "outcome": "interrupted", "found": "the KDC is gone"}
    del verdicts[0]["not_tested"]

    record = decode_record(json.dumps(document).encode(), place="record.json")

    assert record.certification is not None
    told = record.certification.requirements
    assert told[0].where == Where(document="RSTR, saml:Attribute accounttype")
    assert (told[3].where, told[3].not_tested) == (None, NotTested(reason=Untested.NOT_REACHED, detail="it is hostile"))
    assert record.scenarios[0].join is not None
    verdict = record.scenarios[0].join.verdicts[0]
    assert (verdict.where, verdict.found) == (Where(document="MEX"), "")
    assert verdict.not_tested == NotTested(reason=Untested.INTERRUPTED, detail="the KDC is gone")

"""A flow goes through its record once more and comes to the same; what the record does not hold is said by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.device.driver import Logbook, drive
from hybridjoin.device.habits import Habits, RstShape, WindowsBuild
from hybridjoin.device.join.run import JoinRun, join_with
from hybridjoin.device.needs import Flow, NewId, Now, ReadAccessToken, Search, Ticket, ask
from hybridjoin.device.recorded_hands import RecordedHands
from hybridjoin.errors import Breakage, KerberosError, LabError, NotRecorded, PeerUnreachable
from hybridjoin.model.circumstances import facts_of, site_of
from hybridjoin.model.exchange import SearchReply, SearchRequest, TicketRequest, Transcript
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.recorded import keep, recall
from hybridjoin.model.steps import Step
from hybridjoin.protocol.mex import Trust
from tests.device import documents
from tests.device.script import SITE, Answers, Script, play, refused

NO_SPN = KerberosError("KDC_ERR_S_PRINCIPAL_UNKNOWN", "no SPN", remedy="register it", detail="libkrb5's words")
CASES: dict[str, Answers] = {
    "joined": {},
    "refused by Entra": {Step.TOKEN: refused},
    "no ticket": {Step.TICKET: NO_SPN},
    "no ticket for the directory": {Step.COMPUTER: NO_SPN},
    "timeout": {Step.MEX: PeerUnreachable("late", where="GET https://sts/mex", breakage=Breakage.TIMEOUT)},
    "no proof of the server": {
        Step.RST: PeerUnreachable("no token", where="the 200", breakage=Breakage.MUTUAL_AUTHENTICATION)
    },
    "somebody else's SID": {Step.RST: documents.rstr(documents.assertion(sid="S-1-5-21-1-2-3-500"))},
}


def again(run: JoinRun, habits: Habits | None = None) -> JoinRun:
    """Go through a join once more with nothing but what is kept of it."""
    told = run.transcript.circumstances
    assert told is not None
    kept = tuple(recall(keep(item)) for item in run.transcript.exchanges)
    site = site_of(told.site, told.device)
    return join_with(
        RecordedHands(replace(run.transcript, exchanges=kept)), site, site.devices[0], habits or Habits.of(told.habits)
    )


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("fallback", [True, False], ids=["falls back", "stops"])
def test_a_join_comes_to_the_same_from_its_record_alone(case: str, fallback: bool) -> None:
    run, _ = play(CASES[case], Habits(fallback_to_sync_join=fallback))

    replayed = again(run)

    assert replayed.evidence is not None
    assert run.evidence is not None
    token, then = replayed.evidence.token, run.evidence.token
    assert (token.claims if token else None) == (then.claims if then else None)
    assert replace(replayed.evidence, token=None, response=None) == replace(run.evidence, token=None, response=None)
    assert (replayed.debug_screen, replayed.status_screen) == (run.debug_screen, run.status_screen)
    assert replayed.transcript.moments == run.transcript.moments
    assert [item.request for item in replayed.transcript.exchanges] == [
        item.request for item in run.transcript.exchanges
    ]


def test_the_response_is_read_again_but_for_its_signature() -> None:
    run, _ = play()
    replayed = again(run)

    assert run.evidence is not None
    assert replayed.evidence is not None
    now, then = replayed.evidence.response, run.evidence.response
    assert now is not None
    assert then is not None
    assert replace(now, assertion_xml=b"") == replace(then, assertion_xml=b"")
    assert b"[masked" in now.assertion_xml


def test_a_site_and_habits_survive_being_kept() -> None:
    habits = Habits(
        fallback_to_sync_join=False,
        trust=Trust.FEB2005,
        rst_shape=RstShape.MSAL,
        client_side_scp=("contoso.example", documents.TENANT_ID),
        clock_offset_s=7,
        kerberos_time_sync=True,
        mutual_authentication=True,
        timeout_s=3.5,
        build=WindowsBuild.WINDOWS_11_24H2,
        os_version="10.0.1.2",
        user_agent="Somebody/1.0",
    )
    facts = facts_of(SITE)

    assert Habits.of(habits.facts) == habits
    assert facts_of(site_of(facts, "PC7")) == facts
    assert "keytab" not in repr(facts)


def test_trouble_of_the_surroundings_is_told_again() -> None:
    log = Logbook()
    request = SearchRequest(base="CN=62a0ff2e", filter="(cn=y)", attributes=("cn",))
    trouble = LabError("the directory died", remedy="start it", log_tail="killed")
    with pytest.raises(LabError):
        drive(_search(request), Script({Step.SCP: trouble}), logbook=log)

    with pytest.raises(LabError) as caught:
        drive(_search(request), RecordedHands(log.transcript))

    told = caught.value
    assert (told.cause, told.remedy, told.log_tail) == (trouble.cause, trouble.remedy, trouble.log_tail)


def _search(request: SearchRequest, step: Step = Step.SCP) -> Flow[SearchReply]:
    return (yield from ask(Search(request=request, at=HYBRID_JOIN.row(step))))


def _more(flow: str) -> Flow[object]:
    match flow:
        case "moment":
            return (yield from ask(Now()))
        case "identifier":
            return (yield from ask(NewId()))
        case "reading":
            return (yield from ask(ReadAccessToken(access_token="x")))
        case "step":
            return (yield from _search(SearchRequest(base="", filter="", attributes=()), Step.JOIN))
    elsewhere = TicketRequest(service="HTTP", host="elsewhere")
    return (yield from ask(Ticket(request=elsewhere, at=HYBRID_JOIN.row(Step.TICKET))))


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        ("moment", "asked for one more moment, the record holds no more"),
        ("identifier", "asked for one more identifier"),
        ("reading", r"asked for one more reading \(ReadAccessToken\)"),
        ("step", r"an exchange of the step 'join', the record holds no further one \(left: ticket\)"),
        ("request", "a ticket for HTTP/elsewhere, the record holds a ticket for HTTP/sts"),
    ],
)
def test_what_a_newer_flow_asks_besides_is_said_by_name(flow: str, words: str) -> None:
    run, _ = play()
    ticket = next(item for item in run.transcript.exchanges if item.step is Step.TICKET)

    with pytest.raises(NotRecorded, match=words):
        drive(_more(flow), RecordedHands(Transcript(exchanges=(ticket,))))


def test_a_reading_of_another_kind_is_no_answer() -> None:
    run, _ = play()
    readings = run.transcript.readings[:1]

    with pytest.raises(NotRecorded, match="holds a SignatureReading there"):
        drive(_more("reading"), RecordedHands(Transcript(readings=readings)))


def test_exchanges_that_nobody_asked_for_are_known() -> None:
    run, _ = play()
    hands = RecordedHands(run.transcript)

    assert hands.unheard[0] is Step.COMPUTER
    hands.begin(Step.TOKEN)
    assert hands.unheard == (Step.JOIN,)


def test_no_path_of_this_machine_is_among_the_facts() -> None:
    assert not any(isinstance(value, Path) for value in vars_of(facts_of(SITE)))


def vars_of(facts: object) -> list[object]:
    return [getattr(facts, name) for name in facts.__slots__]  # type: ignore[attr-defined]

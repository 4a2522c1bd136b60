"""Probes ask what they say they ask: every change is really made, and what cannot be asked is not."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from hybridjoin.device import prober
from hybridjoin.device.driver import Sent, drive
from hybridjoin.device.needs import Manner, Read
from hybridjoin.device.prober import Prober
from hybridjoin.device.probes import requests
from hybridjoin.device.probes.catalogue import PROBES, find_probe
from hybridjoin.device.probes.probe import Probe, ProbeContext, ProbeNeed
from hybridjoin.device.readings import read
from hybridjoin.errors import Breakage, KerberosError, LabError, PeerUnreachable
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.exchange import HttpReply, HttpRequest, TicketReply, TicketRequest
from hybridjoin.model.reading import Reading
from hybridjoin.model.site import USER_ROLE, DeviceAccount
from hybridjoin.model.steps import Step
from hybridjoin.protocol import mex, rst_variants, xml
from hybridjoin.protocol.mex import Trust
from hybridjoin.protocol.negotiate import TokenKind, token_kind
from hybridjoin.protocol.rst import build_rst
from tests.checks.evidence_factory import failing
from tests.device.script import SITE, TICKET
from tests.protocol.documents import AssertionText, ReplyText
from tests.protocol.metadata import WAYS, WINDOWS_2005, metadata

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
URL = "https://sts.contoso.example/wsf/mex13/42"


def context(*, roles: frozenset[str] = frozenset({"user", "disabled"}), url: str = URL) -> ProbeContext:
    document = mex.parse_mex(metadata(WAYS))
    found = {trust: mex.choose_windows(document, trust) for trust in Trust}
    endpoints = {trust: item for trust, item in found.items() if item is not None}
    return ProbeContext(
        metadata_url=url,
        applies_to="urn:federation:MicrosoftOnline",
        endpoints=endpoints,
        document=document,
        roles=roles,
    )


@dataclass
class Mirror:
    """Hands that answer every request alike and keep what was sent."""

    answer: Callable[[HttpRequest], HttpReply] = lambda _: HttpReply(status=200, body=b"<odd/>")
    sent: list[tuple[HttpRequest, bool, Manner]] = field(default_factory=list)
    ids: int = 0

    def now(self) -> datetime:
        return NOON

    def begin(self, step: Step) -> datetime:
        return NOON

    def read(self, need: Read) -> Reading:
        return read(need)

    def new_id(self) -> uuid.UUID:
        self.ids += 1
        return uuid.UUID(int=self.ids, version=4)

    def new_key(self) -> object:
        raise AssertionError("no probe needs a key")

    def ticket(self, request: TicketRequest) -> TicketReply:
        assert request.service == "HTTP"
        return TICKET

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        self.sent.append((request, as_computer, manner))
        return Sent(request=request, reply=self.answer(request))

    def search(self, request: object) -> object:
        raise AssertionError("no probe searches the directory")


def ask(probe_id: str, hands: Mirror | None = None) -> tuple[object, Mirror]:
    probe = find_probe(probe_id)
    assert probe is not None
    mirror = hands or Mirror()
    result, _ = drive(probe.flow(context()), mirror)  # type: ignore[arg-type] # hands of which probes need a part
    assert result.probe == probe_id
    return result, mirror


@pytest.mark.parametrize("probe", PROBES, ids=lambda item: item.id)
def test_every_probe_comes_back_under_its_name_with_an_answer(probe: Probe) -> None:
    result, _ = drive(probe.flow(context()), Mirror())  # type: ignore[arg-type] # hands of which probes need a part

    assert result.probe == probe.id
    assert result.answers
    assert probe.sentence.endswith(".")


def test_ids_are_unique() -> None:
    assert len({item.id for item in PROBES}) == len(PROBES) > 30


def accepting() -> Mirror:
    """An IdP that gives everybody a token."""
    body = bytes(ReplyText(tokens=(str(AssertionText()),)))
    return Mirror(answer=lambda _: HttpReply(status=200, body=body))


CHANGED = [
    "mex-unknown-action", "mex-query", "mex-accept", "rst-soap-action", "rst-action-parameter", "rst-msal",
    "rst-lower-case-message-id", "rst-token-type", "rst-query", "rst-timestamp", "rst-large-header", "rst-get",
    "rst-applies-to", "rst-request-type", "rst-unknown-token-type", "rst-action-mismatch", "rst-must-understand",
    "rst-envelope",
    "rst-media-type", "rst-malformed", "rst-dtd", "rst-stale", "rst-ntlm", "rst-garbage",
    "rst-foreign-ticket", "rst-reply-elsewhere", "sts-folder",
]  # fmt: skip


@pytest.mark.parametrize("probe_id", CHANGED)
def test_what_a_probe_changes_is_really_changed(probe_id: str) -> None:
    probe = find_probe(probe_id)
    assert probe is not None
    result, _ = drive(probe.flow(context()), Mirror())  # type: ignore[arg-type] # hands of which probes need a part

    assert all(item.baseline_digest and item.baseline_digest != item.sent_digest for item in result.answers)


def test_one_oversize_request_is_sent_and_then_windows_own() -> None:
    result, mirror = ask("rst-oversize", accepting())

    (large, _, manner), (after, _, plain) = mirror.sent
    assert (manner, plain) == (Manner.AT_ONCE, Manner.WHEN_ASKED)
    assert 3 * 1024 * 1024 < len(large.body) < 3.1 * 1024 * 1024
    assert len(after.body) < 10_000
    assert b"RequestSecurityToken" in etree.tostring(xml.parse(large.body, where="RST")), "it is well-formed"
    assert [bool(item.baseline_digest) for item in result.answers] == [True, False]  # type: ignore[attr-defined] # a ProbeResult


@pytest.mark.parametrize("probe_id", ["rst-duplicate", "rst-replay"])
def test_a_repetition_is_the_same_message_to_the_byte(probe_id: str) -> None:
    _, mirror = ask(probe_id, accepting())

    assert mirror.sent[0][0] == mirror.sent[1][0]


def test_a_replay_shows_the_token_again_and_a_duplicate_a_new_one() -> None:
    assert [manner for _, _, manner in ask("rst-replay", accepting())[1].sent] == [Manner.WHEN_ASKED, Manner.AGAIN]
    assert [manner for _, _, manner in ask("rst-duplicate")[1].sent] == [Manner.WHEN_ASKED, Manner.WHEN_ASKED]


def test_nothing_is_replayed_that_was_not_accepted() -> None:
    result, mirror = ask("rst-replay", Mirror(answer=lambda _: HttpReply(status=401)))

    assert len(mirror.sent) == 1
    assert "no accepted token" in result.skipped  # type: ignore[attr-defined] # a ProbeResult


def test_the_ntlm_message_names_nobody() -> None:
    raw = base64.b64decode(requests.NTLM_NEGOTIATE)

    assert token_kind(f"Negotiate {requests.NTLM_NEGOTIATE}") is TokenKind.NTLM
    assert requests.NTLM_NEGOTIATE.startswith("TlRMTVNTUA")
    assert len(raw) == 32
    assert raw[16:] == bytes(16), "no domain and no workstation"


def test_malformed_and_declared_requests_are_what_they_say() -> None:
    good = build_rst(trust=Trust.V13, shape="windows", to="https://x.test", applies_to="urn:federation:MicrosoftOnline",
                     message_id="urn:uuid:1")  # fmt: skip

    with pytest.raises(Exception, match="well-formed"):
        xml.parse(rst_variants.malformed(good), where="RST")
    with pytest.raises(Exception, match="DTD"):
        xml.parse(rst_variants.with_dtd(good), where="RST")
    with pytest.raises(ValueError, match="does not hold"):
        rst_variants.with_dtd(b"<a/>")
    assert b"<wsa:messageID" in rst_variants.with_lower_case_message_id(good).replace(b"<a:", b"<wsa:")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PeerUnreachable("it hung up", where="x", breakage=Breakage.RESET), "connection reset: it hung up"),
        (KerberosError("KDC_ERR_POLICY", "refused", remedy="look"), "KDC_ERR_POLICY: refused"),
    ],
)
def test_a_broken_exchange_is_an_answer_too(error: Exception, words: str) -> None:
    def fail(_: HttpRequest) -> HttpReply:
        raise error

    result, _ = ask("rst-plain", Mirror(answer=fail))

    assert [item.words for item in result.answers] == [words]  # type: ignore[attr-defined] # a ProbeResult


def test_tokens_in_headers_are_masked_and_their_kind_is_kept() -> None:
    token = base64.b64encode(b"NTLMSSP\0" + bytes(40)).decode()
    reply = HttpReply(status=401, headers=(("WWW-Authenticate", f"Negotiate {token}"),))

    result, _ = ask("rst-ntlm", Mirror(answer=lambda _: reply))

    answer = result.answers[0]  # type: ignore[attr-defined] # a ProbeResult
    assert answer.server_token is TokenKind.NTLM
    assert token not in str(answer)


def test_what_a_site_lacks_is_said() -> None:
    only_2005 = mex.parse_mex(metadata((WINDOWS_2005,)))
    endpoint = mex.choose_windows(only_2005)
    assert endpoint is not None
    poor = ProbeContext(metadata_url="https://x.test/mex", applies_to="urn:x", endpoints={Trust.FEB2005: endpoint})

    lacking = {probe.id: probe.why_not(poor) for probe in PROBES if probe.why_not(poor)}

    assert sorted(lacking) == ["mex-twin", "rst-13", "rst-disabled", "rst-user", "username-port"]
    assert lacking["rst-13"] == ProbeNeed.TRUST_13.value
    assert poor.trust is Trust.FEB2005
    assert poor.hosts == {"x.test", "sts.hybridjoin.test"}
    assert all(probe.why_not(context()) == "" for probe in PROBES)


def test_a_document_that_nobody_read_says_nothing_of_the_port_for_names() -> None:
    ended = ProbeContext(
        metadata_url="https://x.test/mex", applies_to="urn:x", endpoints={}, ended="the join ended at the metadata"
    )
    probe = find_probe("username-port")
    assert probe is not None

    assert probe.why_not(ended) == "the join ended at the metadata"


def test_hostile_probes_wait_to_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_hands(*_: object) -> None:
        raise AssertionError("nothing may be opened")

    monkeypatch.setattr(prober, "open_hands", no_hands)
    hostile = [probe for probe in PROBES if probe.hostile]

    with Prober(SITE, SITE.devices[0], context()) as asked:
        results = [asked.ask(probe) for probe in hostile]

    assert len(hostile) == 11
    assert all("--hostile" in item.skipped for item in results)


def test_what_the_surroundings_spoil_is_interrupted(tmp_path: Path) -> None:
    plain = find_probe("rst-plain")
    assert plain is not None
    lost = DeviceAccount(name="PC7", keytab=tmp_path / "none.keytab")

    class Gone(Mirror):
        def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
            raise LabError("the domain controller is gone")

    with Prober(SITE, lost, context()) as asked:
        asked._hands[""] = Gone()  # type: ignore[assignment] # hands of which probes need a part
        result = asked.ask(plain)

    assert result.interrupted == "the domain controller is gone"


@dataclass
class Slow(Mirror):
    """Hands that wait in vain for whatever `mute` names."""

    mute: Callable[[HttpRequest], bool] = lambda _: True

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        sent = super().send(request, as_computer=as_computer, manner=manner)
        if self.mute(request):
            raise PeerUnreachable("no complete answer within 20 s", where="x", breakage=Breakage.TIMEOUT)
        return sent


def asked_of(hands: Mirror, known: ProbeContext, kind: str) -> list[ProbeResult]:
    with Prober(SITE, SITE.devices[0], known) as asked:
        for role in ("", "user", "disabled"):
            asked._hands[role] = hands  # type: ignore[assignment] # hands of which probes need a part
        return [asked.ask(item, hostile=True) for item in PROBES if item.id.startswith(kind)]


def test_an_endpoint_that_lets_windows_own_request_wait_is_asked_only_once() -> None:
    slow = Slow()

    results = asked_of(slow, context(), "rst-")

    assert len(slow.sent) == 1
    assert all("let Windows' own request wait" in item.skipped for item in results[1:])


def test_a_metadata_address_is_given_up_after_three_probes_in_a_row() -> None:
    slow = Slow()

    results = asked_of(slow, context(), "mex-")

    assert [bool(item.skipped) for item in results] == [False, False, False, True, True, True, True]
    assert "3 probes in a row waited there in vain: timeout" in results[-1].skipped


def test_single_requests_that_wait_in_vain_do_not_stop_the_others() -> None:
    slow = Slow(mute=lambda request: request.method == "POST" and b"no-such" in request.body)

    results = asked_of(slow, context(), "")

    assert [item.probe for item in results if item.skipped] == ["rst-replay"]
    assert sum("timeout" in item.answers[-1].breakage for item in results if item.answers) == 4


@pytest.mark.parametrize(
    ("step", "silent", "spoken"), [(Step.MEX, "mex-", "rst-"), (Step.RST, "rst-", "mex-")], ids=["metadata", "endpoint"]
)
def test_where_the_join_waited_in_vain_no_probe_waits_again(step: Step, silent: str, spoken: str) -> None:
    evidence = failing(step, "no complete answer within 20 s", breakage=Breakage.TIMEOUT)
    known = replace(context(), silent=ProbeContext.of(evidence, SITE).silent)
    mirror = Mirror()

    place = "metadata address" if step is Step.MEX else "endpoint"
    reasons = {item.skipped for item in asked_of(mirror, known, silent)}
    assert reasons == {f"the {place} let the join wait: no complete answer within 20 s"}
    assert mirror.sent == []
    assert not any("wait" in item.skipped for item in asked_of(mirror, known, spoken))
    assert ProbeContext.of(failing(step, "HTTP 404"), SITE).silent == {}


def test_a_user_knocks_under_its_own_name() -> None:
    account = DeviceAccount(name="alice", keytab=Path("alice.keytab"), role=USER_ROLE)

    assert account.sam_account_name == "alice"
    assert DeviceAccount(name="WS03", keytab=Path("x"), role="disabled").sam_account_name == "WS03$"

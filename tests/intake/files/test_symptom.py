"""The symptom: how the attempt ended that matters, out of everything that was sent."""

from __future__ import annotations

import json

import pytest

from hybridjoin.intake.case.conclusions import Road
from hybridjoin.intake.files.reading import LIMIT_SCREENS
from tests.intake.files import transcripts as t
from tests.intake.files.field_cases import FIELD_CASES, event_xml
from tests.intake.files.reading import case_from, line_of

# Road, phase, code, AADSTS, HTTP status and whether there is a screen; None where nothing failed.
Told = tuple[Road, str, str, int | None, int | None, bool]
OF_FIELD_CASES: dict[str, Told | None] = {
    "1 refused by Entra, hidden by the fallback": (Road.FALLBACK, "auth", "0xcaa20003", 51004, 400, True),
    "5 the registry names a managed domain": (Road.NOT_JOINED, "join", "0x801c03f3", None, 400, True),
    "7 a user's token refused, the join good": None,
    "9 a second factor demanded of a computer": (Road.UNDECIDED, "auth", "0xcaa20003", 50076, 400, True),
    "12 no domain controller": (Road.NOT_JOINED, "pre-check", "0x8007054b", None, None, True),
    "13 the registration service on the premises": (Road.NOT_JOINED, "auth", "0x2ee6", None, None, True),
    "14 a service connection point that cannot be read": (
        Road.NOT_JOINED, "discover", "0x80070002", None, None, True),
    "16 joined, by which road nobody says": None,
    "22 a device that was never synchronized": (Road.NOT_JOINED, "join", "0x801c03f2", None, 400, False),
    "23 a device that was deleted": (Road.NOT_JOINED, "join", "0x801c03f3", None, None, False),
    "24 the service's own subcode": (Road.NOT_JOINED, "join", "0x801c03f3", None, 400, True),
    "25 the road of Entra Kerberos": (Road.NOT_JOINED, "join", "0x801c03f3", None, None, False),
    "39 a sign-in log of the device registration": (Road.UNDECIDED, "auth", "0xcaa20003", 53003, 400, True),
    "a transcript that stops early": (Road.UNDECIDED, "auth", "0xcaa20003", 51004, 400, True),
    "a ticket that the IdP refuses": (Road.NOT_JOINED, "auth", "0xcaa30191", None, None, True),
    "an Azure VM's own join": None,
}  # fmt: skip


@pytest.mark.parametrize(("name", "told"), OF_FIELD_CASES.items(), ids=OF_FIELD_CASES)
def test_a_field_case_has_its_symptom(name: str, told: Told | None) -> None:
    found = case_from(**FIELD_CASES[name].files).symptom

    assert told == (
        found
        and (found.road, found.phase, found.code, found.aadsts, found.http_status, bool(found.transcript))
    )  # fmt: skip


def test_the_facts_behind_it_stand_beside_it() -> None:
    found = case_from(join_txt=t.FALLBACK).symptom

    assert found is not None
    assert {fact.key: fact.line for fact in found.because} == {
        "attempt.federated_failed": line_of(t.FALLBACK, "Try synchronized join"),
        "attempt.sync_done": line_of(t.FALLBACK, "Join: completed successfully"),
        "attempt.aadsts": line_of(t.FALLBACK, "AADSTS51004"),
        "attempt.inner_code": line_of(t.FALLBACK, "Unable to retrieve access token"),
        "attempt.token_http_status": line_of(t.FALLBACK, "WebRequest Status:400"),
    }


def test_the_transcript_is_the_screen_itself_with_cut_lines_whole_and_secrets_masked() -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ1cm46eCJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
    screen = t.before_token(0xCAA30191).replace("preform integrated auth", f"preform integrated auth {token}")
    cut = "\n".join(line[at : at + 120] for line in screen.splitlines() for at in range(0, len(line) or 1, 120))

    found = case_from(join_txt=cut).symptom

    assert found is not None
    told = "\n".join(found.transcript)
    assert token not in told
    assert "[masked" in told
    assert found.transcript[0] == "DsrCLI: logging initialized."
    assert "isDcAvailable:true }" in found.transcript[2]
    assert found.transcript[-1].strip() == "EnterpriseJoined : NO"


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("dc", ["FAB-DC01", "DC", "FAB-DC-00001", "D1"])
@pytest.mark.parametrize("forest", ["fabrikam.example", "ad.fabrikam.example", "f.example"])
def test_wherever_a_console_cuts_a_line_it_is_whole_again(width: int, dc: str, forest: str) -> None:
    screen = t.before_token(0xCAA30191).replace("FAB-DC01", dc).replace(t.DOMAIN, forest)
    cut = "\n".join(line[at : at + width] for line in screen.splitlines() for at in range(0, len(line) or 1, width))

    whole, again = case_from(join_txt=screen).symptom, case_from(join_txt=cut).symptom

    assert whole is not None
    assert again is not None
    assert again.transcript == whole.transcript


def test_a_screen_goes_before_an_event_and_the_later_one_before_the_earlier() -> None:
    early = t.failed_token().replace("2025-07-09", "2025-07-01").replace(t.FAILED_REQUEST, t.SYNC_REQUEST)
    late = t.before_token(0xCAA30191) + "Join response time: Thu, 10 Jul 2025 17:22:14 GMT\n"
    event = event_xml(304, ("ExitCode", "-2145647629"), ("ServerErrorMessage", "DirectoryError"))

    both = case_from(a_txt=late, b_txt=early, c_xml=event).symptom
    alone = case_from(c_xml=event).symptom

    assert both is not None
    assert both.code == "0xcaa20003"  # the later screen tells no time, so the order in which they came counts
    assert alone is not None
    assert (alone.code, alone.transcript) == ("0x801c03f3", ())


def test_of_screens_that_tell_their_time_the_latest_counts_wherever_it_stands() -> None:
    early = t.failed_token(50107, "no such issuer").replace("2025-07-09", "2025-07-01")
    early = early.replace(t.FAILED_REQUEST, t.SYNC_REQUEST)

    found = case_from(a_txt=t.failed_token(), b_txt=early).symptom

    assert found is not None
    assert found.aadsts == 51004


def test_a_probe_of_entra_kerberos_hides_no_federated_failure() -> None:
    probe = FIELD_CASES["25 the road of Entra Kerberos"].files["events_txt"]

    found = case_from(join_txt=t.before_token(0xCAA30191), events_txt=probe).symptom

    assert found is not None
    assert found.code == "0xcaa30191"


def test_a_managed_road_is_a_symptom_where_a_domain_is_federated() -> None:
    managed = (
        t.opening(t.SYNC_REQUEST) + t.tenant_info("Managed", "fabrikam.onmicrosoft.com") + t.reply(t.SYNC_REQUEST)
        + "DsrCmdJoinHelper::Join: completed successfully\n" + t.short_status()
    )  # fmt: skip
    settings = "IssuerUri           : urn:fabrikam\nMetadataExchangeUri : https://sso.fabrikam.example/mex\n"

    meant = case_from(join_txt=managed).symptom
    missed = case_from(join_txt=managed, federation_txt=settings).symptom

    assert meant is None
    assert missed is not None
    assert (missed.road, missed.code) == (Road.SYNCHRONIZED, "")


def test_however_many_screens_came_only_the_latest_are_kept_whole() -> None:
    numbers = range(LIMIT_SCREENS + 20)
    screens = (t.before_token(0xCAA30191).replace("91d6b0e3", f"{number:08x}") for number in numbers)
    record = json.dumps({"schema": "hybridjoin-record/1", "scenarios": [
        {"join": {"debug_screen": t.failed_token().splitlines()}}]})  # fmt: skip

    case = case_from(all_txt="".join(screens), run_json=record)

    assert len(case.parts) == LIMIT_SCREENS
    assert case.parts[-1].place == "run.json#1/debug_screen:2"  # below the prompt
    assert len([fact for fact in case.facts if fact.key == "attempt.screen"]) == LIMIT_SCREENS + 21

"""Screens without their place and time: what stays of them, and where two of them part."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.intake.case.skeleton import LIMIT_ROWS, RowLikeness, compare, skeleton
from tests.intake.files import transcripts as t

OURS = Path(__file__).parents[1] / "device" / "screens"
SCREENS = {path.name.removesuffix(".debug.txt"): path.read_text("utf-8") for path in sorted(OURS.glob("*.debug.txt"))}
SENT = {
    "federated": t.FEDERATED,
    "fallback": t.FALLBACK,
    "refused": t.failed_token(fallback=False),
    "before the token": t.before_token(0xCAA90017),
}
GUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")


def texts(screen: str) -> list[str]:
    return [row.text for row in skeleton(screen.splitlines())]


def unlike(theirs: str, ours: str) -> list[tuple[str, str, str]]:
    """The rows in which two screens differ, and what the difference is."""
    return [
        (row.likeness.value, row.theirs.text if row.theirs else "", row.ours.text if row.ours else "")
        for row in compare(theirs.splitlines(), ours.splitlines()).rows
        if row.likeness is not RowLikeness.SAME
    ]


@pytest.mark.parametrize("screen", [*SCREENS.values(), *SENT.values()], ids=[*SCREENS, *SENT])
def test_a_screen_is_like_itself_and_its_skeleton_has_nothing_of_the_place(screen: str) -> None:
    left = texts(screen)

    assert not GUID.search("\n".join(left))
    assert not re.search(r"https?://|\d\d:\d\d:\d\d|contoso|fabrikam", "\n".join(left), re.IGNORECASE)
    assert texts("\n".join(left)) == left
    assert unlike(screen, screen) == []


@given(st.lists(st.one_of(
    st.sampled_from([line for screen in (*SCREENS.values(), *SENT.values()) for line in screen.splitlines()]),
    st.text(max_size=60),
    st.from_regex(r"\A(AdalLog|DsrCmd\w{1,9}::\w{1,9}|Join message): [ -~]{0,60}\Z"),
), max_size=30))  # fmt: skip
def test_a_skeleton_is_its_own_skeleton_and_like_itself(lines: list[str]) -> None:
    left = [row.text for row in skeleton(lines)]

    assert [row.text for row in skeleton(left)] == left
    assert all(row.likeness is RowLikeness.SAME for row in compare(lines, lines).rows)


@given(st.lists(st.text(max_size=80), max_size=20), st.lists(st.text(max_size=80), max_size=20))
def test_any_two_texts_can_be_compared_and_every_row_of_both_is_told_once(left: list[str], right: list[str]) -> None:
    rows = compare(left, right).rows

    assert [row.theirs for row in rows if row.theirs] == list(skeleton(left))
    assert [row.ours for row in rows if row.ours] == list(skeleton(right))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (t.FALLBACK, SCREENS["refused-fallback-succeeds"]),
        (t.failed_token(fallback=False) + "DSREGCMD_END_STATUS\nAzureAdJoined : NO\n", SCREENS["refused-no-fallback"]),
        (t.FEDERATED, SCREENS["success"]),
        (t.before_token(0xCAA90022), SCREENS["metadata-without-endpoint"]),
    ],
    ids=["fallback", "refused", "federated", "metadata"],
)
def test_a_customers_screen_is_like_ours_of_the_same_failure(theirs: str, ours: str) -> None:
    found = compare(theirs.splitlines(), ours.splitlines())

    assert found.alike, found.parting


def test_the_log_that_is_told_backwards_counts_once() -> None:
    left = texts(t.failed_token())

    assert left.count("AdalLog: HRESULT: 0xcaa20003") == 1
    assert left.count("GetStatus returned failure") == 1
    assert left[-1].endswith("Federated ADRS join failed with error 0xcaa1000e. Try synchronized join.")


def test_what_consoles_and_mails_do_to_a_screen_is_no_part_of_it() -> None:
    width = 120
    cut = "\n".join(
        line[at : at + width] for line in t.FALLBACK.splitlines() for at in range(0, max(len(line), 1), width)
    )
    mailed = "\r\n\r\n".join(f"&gt; {line}  " for line in t.FALLBACK.splitlines())
    talk = f"Hello,\nthis is what it says:\n\n{t.FALLBACK}\nPS C:\\> exit\nRegards\n"

    assert texts(cut) == texts(t.FALLBACK)
    assert texts(mailed) == texts(t.FALLBACK)
    assert texts(talk) == texts(t.FALLBACK)


OLDER = {
    "the logging's name": ("DsrCLI: logging", "dsregcmd::wmain logging"),
    "the keys' label": ("deviceKeysHealthy:", "isPrivateKeyFound:"),
    "no request id": (f"DsrCmdJoinHelper::Join: ClientRequestId: {t.FAILED_REQUEST}", ""),
    "a file deleted": ("DSREGCMD_END_STATUS", "DeleteFileW returned 0x00000001.\nDSREGCMD_END_STATUS"),
    "two fields at the end": (t.short_status()[t.short_status().index("                  DeviceId") :], ""),
}


@pytest.mark.parametrize(("new", "old"), OLDER.values(), ids=OLDER)
def test_what_an_older_build_prints_otherwise_is_no_parting(new: str, old: str) -> None:
    theirs = t.FALLBACK.replace(new, old)
    found = compare(theirs.splitlines(), t.FALLBACK.splitlines())
    told = [row for row in found.rows if row.likeness is not RowLikeness.SAME]

    assert theirs != t.FALLBACK
    assert found.alike
    assert told
    assert {row.likeness for row in told} == {RowLikeness.BUILD}
    assert all(row.basis is not None and row.basis.source for row in told)


def test_a_device_that_is_not_there_has_two_codes_by_build_and_they_stand_for_no_other() -> None:
    older = "DsrDeviceAutoJoin failed 0x801c03f2."

    assert unlike(older, "DsrDeviceAutoJoin failed 0x801c03f3.")[0][0] == RowLikeness.BUILD
    assert unlike(older, "DsrDeviceAutoJoin failed 0x801c03ed.")[0][0] == RowLikeness.PARTED


PARTED = {
    "a code": ("0xcaa20003", "0xcaa20002"),
    "Entra's number": ("AADSTS51004", "AADSTS50107"),
    "a status": ("Status:400", "Status:401"),
    "the end": ("AzureAdJoined : YES", "AzureAdJoined : NO"),
    "the invitation": (" Try synchronized join.", ""),
    "the kind of domain": ("TenantType = Federated", "TenantType = Managed"),
    "no controller": ("isDcAvailable: YES", "isDcAvailable: NO"),
}


@pytest.mark.parametrize(("said", "instead"), PARTED.values(), ids=PARTED)
def test_what_tells_of_the_failure_parts_two_screens(said: str, instead: str) -> None:
    other = t.FALLBACK.replace(said, instead)
    found = compare(t.FALLBACK.splitlines(), other.splitlines())

    assert found.parting is not None
    assert found.parting.theirs is not None
    assert found.parting.theirs.text != (found.parting.ours.text if found.parting.ours else "")


@pytest.mark.parametrize("name", [name for name in SCREENS if name != "refused-fallback-succeeds"])
def test_screens_of_two_failures_part(name: str) -> None:
    assert not compare(t.FALLBACK.splitlines(), SCREENS[name].splitlines()).alike


def test_a_screen_that_was_cut_short_says_nothing_of_what_would_have_followed() -> None:
    whole = t.FALLBACK.splitlines()
    cut = whole[: next(at for at, line in enumerate(whole) if "AdalErrorCode" in line)]

    assert compare(cut, whole).alike
    assert not compare(whole, cut).alike
    assert compare(t.failed_token(fallback=False).splitlines(), whole).alike  # it may end within its last line
    ended = t.failed_token(fallback=False) + "DSREGCMD_END_STATUS\n"
    assert not compare(ended.splitlines(), whole).alike


def test_a_line_that_nobody_knows_parts_where_it_names_a_code() -> None:
    silent, loud = "DsrCmdNew::Thing: all is well", "DsrCmdNew::Thing: failed 0x80070005"

    assert unlike(silent, "") == [(RowLikeness.ASIDE.value, silent, "")]
    assert unlike(loud, "") == [(RowLikeness.PARTED.value, loud, "")]


@pytest.mark.parametrize("line", ["isJoined: YES", "isJoined: Y{}", 'AdalLog: "{}'])
def test_a_screen_without_end_is_compared_as_far_as_a_screen_goes(line: str) -> None:
    endless = [line.format(number) for number in range(20_000)]

    rows = compare(endless, SCREENS["success"].splitlines()).rows

    assert len([row for row in rows if row.theirs is not None]) == LIMIT_ROWS
    assert len(skeleton(endless)) == LIMIT_ROWS

"""Errors to exit codes and words."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from hybridjoin.cli.exits import ExitCode, run_guarded
from hybridjoin.errors import Breakage, KerberosError, LabError, Mistake, PeerError, PeerUnreachable, UsageError

CLOCK = KerberosError("KRB_AP_ERR_SKEW", "the clocks are too far apart", remedy="compare `date -u` on both")


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UsageError(Mistake(place="a.yaml:3:1", problem="unknown key")), 2, "hybridjoin: a.yaml:3:1: unknown key\n"),
        (
            LabError("the engine is gone", remedy="start it"),
            3,
            "hybridjoin: the engine is gone\nwhat to do: start it\n",
        ),
        (PeerError("expected 200, found 404", where="GET x"), 1, "hybridjoin: expected 200, found 404 (at GET x)\n"),
        (
            PeerUnreachable("no answer within 20 s", where="GET x", breakage=Breakage.TIMEOUT),
            1,
            "hybridjoin: no answer within 20 s (at GET x)\n",
        ),
        (
            CLOCK,
            1,
            "hybridjoin: KRB_AP_ERR_SKEW: the clocks are too far apart\nwhat to do: compare `date -u` on both\n",
        ),
        (KeyboardInterrupt(), 130, "hybridjoin: interrupted\n"),
        (click.Abort(), 130, "hybridjoin: interrupted\n"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_each_error_has_its_exit_code_and_its_words(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def fail() -> None:
        raise error

    assert run_guarded(fail, []) == code
    assert capsys.readouterr().err.lstrip() == words  # click ends the line that ^C was echoed on


def test_all_mistakes_are_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def fail() -> None:
        raise UsageError(Mistake(place="a:1:1", problem="one"), Mistake(place="a:2:1", problem="two", hint="three"))

    assert run_guarded(fail, []) == ExitCode.USAGE
    assert capsys.readouterr().err == "hybridjoin: 2 mistakes, nothing was started\na:1:1: one\na:2:1: two (three)\n"


def test_a_fault_of_ours_is_never_the_peers_and_keeps_its_traceback_in_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    @click.command()
    def fail() -> None:
        raise ZeroDivisionError("nobody foresaw this")

    assert run_guarded(fail, []) == 70
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "a fault of hybridjoin itself, not of your site: ZeroDivisionError" in told
    path = Path(re.findall(r"send (\S+) to the maintainers", told)[0])
    assert "nobody foresaw this" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0


def test_a_commands_own_exit_code_is_kept() -> None:
    @click.command()
    def answer() -> int:
        return 16

    assert run_guarded(answer, []) == 16


def test_an_orderly_exit_on_a_signal_passes_through() -> None:
    @click.command()
    def leave() -> None:
        raise SystemExit(143)

    with pytest.raises(SystemExit, match="143"):
        run_guarded(leave, [])

"""pytest collects scenario files, refuses mistakes before anything starts, and tells failures without a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from lxml import etree

from hybridjoin.checks.rules import BOOK
from hybridjoin.model.record import RunRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.plugin.options import LAB_OPTION, REPORT_OPTION, SITE_OPTION
from hybridjoin.report.json_report import read_record
from hybridjoin.run.replay.runs import replay
from hybridjoin.run.session import EXIT_LAB, EXIT_SECRET

pytest_plugins = ["pytester"]

FEDERATED = "id: healthy\ntitle: A healthy computer joins\ntags: [joins]\nexpect: {join: federated}\n"
UNMET = """\
id: unmet
title: An expectation that is not met
idp: {claims: {accounttype: {value: '"dj"'}}}
expect:
  join: federated
  claims: {accounttype: ok}
"""


@pytest.fixture
def runs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.Pytester]:
    """A directory of its own with the plugin in it, and a state directory that no other lab's clean-up looks into."""
    pytester.makeconftest('pytest_plugins = ["hybridjoin.plugin"]')
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    with TemporaryDirectory(prefix="hj-") as state:
        monkeypatch.setenv("HYBRIDJOIN_STATE", state)
        yield pytester


def run(runs: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in this process, whose imports are done already; workers bring processes of their own."""
    return runs.runpytest_inprocess("-p", "no:cacheprovider", *arguments)


def run_afresh(runs: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return runs.runpytest_subprocess("-p", "no:cacheprovider", *arguments, timeout=280)


def write(runs: pytest.Pytester, name: str, text: str) -> None:
    path = runs.path / f"{name}.scenario.yaml"
    path.write_text(text, "utf-8")


def record_of(runs: pytest.Pytester, folder: str = "reports") -> RunRecord:
    return read_record(runs.path / folder / "latest")


def test_scenarios_are_collected_under_their_ids(runs: pytest.Pytester) -> None:
    matrix = "id: b\ntitle: c\nmatrix: {n: [1, 2]}\nexpect: {join: failed}\n"
    write(runs, "one", FEDERATED)
    write(runs, "two", matrix)
    result = run(runs, "--collect-only", "-q")
    result.stdout.fnmatch_lines(
        ["one.scenario.yaml::healthy", "two.scenario.yaml::b[[]n=1[]]", "two.scenario.yaml::b[[]n=2[]]"]
    )
    assert result.ret == pytest.ExitCode.OK


def test_a_tag_selects_scenarios(runs: pytest.Pytester) -> None:
    write(runs, "one", FEDERATED)
    write(runs, "two", FEDERATED.replace("healthy", "other").replace("joins]", "claims]"))
    result = run(runs, "--collect-only", "-q", "-k", "claims")
    result.stdout.fnmatch_lines(["two.scenario.yaml::other", "*1 deselected*"])


@pytest.mark.parametrize(
    "workers", [(), pytest.param(("-n", "2"), marks=pytest.mark.thorough)], ids=["alone", "distributed"]
)
def test_all_mistakes_are_told_at_once_and_nothing_is_started(runs: pytest.Pytester, workers: tuple[str, ...]) -> None:
    write(runs, "one", FEDERATED + "devise: {}\nentry: {}\n")
    write(runs, "two", FEDERATED + "idp: {faults: [unsinged]}\n")
    result = run(runs, *workers)
    assert result.ret in {pytest.ExitCode.INTERRUPTED, pytest.ExitCode.TESTS_FAILED}
    shown = result.stdout.str() + result.stderr.str()
    assert "one.scenario.yaml:5:1: unknown key 'devise' (did you mean 'device'?)" in shown
    assert "one.scenario.yaml:6:1: unknown key 'entry'" in shown
    assert "two.scenario.yaml:5:16: unknown fault 'unsinged' (did you mean 'unsigned'?)" in shown
    assert "Traceback" not in shown
    assert not (runs.path / "reports").exists()


def test_a_broken_file_is_a_collection_error_of_its_own_as_a_broken_module_is(runs: pytest.Pytester) -> None:
    write(runs, "broken", FEDERATED + "devise: {}\n")
    write(runs, "whole", FEDERATED.replace("healthy", "whole"))
    runs.makepyfile(test_plain="def test_plain():\n    assert True\n")

    stopped = run(runs)
    stopped.assert_outcomes(errors=1)
    assert stopped.ret == pytest.ExitCode.INTERRUPTED
    stopped.stdout.fnmatch_lines(["*ERROR collecting broken.scenario.yaml*", "broken.scenario.yaml:5:1: unknown key*"])

    listed = run(runs, "--collect-only", "-q")
    listed.stdout.fnmatch_lines(["test_plain.py::test_plain", "whole.scenario.yaml::whole"], consecutive=True)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (FEDERATED + "device: {name: WS9}\n", "one.scenario.yaml:5:16: unknown device 'WS9'"),
        (FEDERATED + "idp: {host: sts.elsewhere.test}\n", "one.scenario.yaml:5:13: unknown host 'sts.elsewhere.test'"),
        (
            FEDERATED.replace("federated}", "failed, verdicts: {MEX-99: failed}}"),
            "one.scenario.yaml:4:35: unknown requirement 'MEX-99'",
        ),
    ],
    ids=["device", "host", "requirement"],
)
def test_what_no_lab_and_no_check_knows_is_refused_before_the_start(
    runs: pytest.Pytester, text: str, mistake: str
) -> None:
    write(runs, "one", text)
    result = run(runs)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert mistake in result.stdout.str()


def test_two_files_with_one_id_are_refused(runs: pytest.Pytester) -> None:
    write(runs, "one", FEDERATED)
    write(runs, "two", FEDERATED)
    result = run(runs)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(errors=1)
    assert "two.scenario.yaml:1:5: the id 'healthy' is already used in one.scenario.yaml:1" in result.stdout.str()


def test_a_wrong_site_file_is_the_users_mistake(runs: pytest.Pytester) -> None:
    write(runs, "one", FEDERATED)
    (runs.path / "my.site.yaml").write_text("name: mine\n", "utf-8")
    result = run(runs, SITE_OPTION, "my.site.yaml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "my.site.yaml:1:1: expected the key 'idp', found nothing of that name" in result.stderr.str()


def test_a_backend_that_there_is_none_of_is_the_users_mistake(runs: pytest.Pytester) -> None:
    write(runs, "one", FEDERATED)
    result = run(runs, LAB_OPTION, "podman")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--hybridjoin-lab: expected one of docker, process, found 'podman'" in result.stderr.str()


def test_what_the_lab_cannot_do_is_an_error_and_no_failure(
    runs: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    nonsense = runs.path / "domain.json"
    nonsense.write_text("{}", "utf-8")
    monkeypatch.setenv("HYBRIDJOIN_DOMAIN", str(nonsense))
    write(runs, "one", FEDERATED)
    result = run(runs)
    result.assert_outcomes(errors=1)
    assert result.ret == EXIT_LAB
    shown = result.stdout.str()
    assert "does not describe a running domain" in shown
    assert "engine.py" not in shown, "no traceback"
    (record,) = record_of(runs).scenarios
    assert record.outcome is Outcome.INTERRUPTED


@pytest.mark.thorough
def test_an_ordinary_test_is_none_of_its_business(runs: pytest.Pytester) -> None:
    runs.makepyfile(
        test_plain="import sys\ndef test_plain():\n    assert 'hybridjoin.plugin.engine' not in sys.modules\n"
    )
    run_afresh(runs).assert_outcomes(passed=1)
    assert not (runs.path / "reports").exists()


def test_a_tag_is_a_mark_even_where_marks_are_strict(runs: pytest.Pytester) -> None:
    write(runs, "one", FEDERATED)
    write(runs, "two", FEDERATED.replace("healthy", "other").replace("joins]", "claims, skip]"))
    result = run(runs, "--strict-markers", "--collect-only", "-q", "-m", "claims and hybridjoin")
    result.stdout.fnmatch_lines(["two.scenario.yaml::other", "*1 deselected*"])
    result = run(runs, "--collect-only", "-q", "-m", "not hybridjoin")
    result.stdout.fnmatch_lines(["*2 deselected*"])
    assert "skip" not in _marks(runs, "two"), "a word of pytest's own would skip the scenario unseen"


def _marks(runs: pytest.Pytester, name: str) -> set[str]:
    items, _ = runs.inline_genitems(runs.path / f"{name}.scenario.yaml", "-p", "no:cacheprovider")
    return {mark.name for item in items for mark in item.iter_markers()}


def test_options_may_stand_in_the_projects_own_configuration_file(runs: pytest.Pytester) -> None:
    write(runs, "one", FEDERATED)
    runs.makeini("[pytest]\nhybridjoin_site = places/my.site.yaml\n")
    (runs.path / "places").mkdir()
    (runs.path / "places" / "my.site.yaml").write_text("name: mine\n", "utf-8")
    result = run(runs)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "my.site.yaml:1:1: expected the key 'idp', found nothing of that name" in result.stderr.str()


@pytest.mark.lab
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "distributed"])
def test_scenarios_run_and_leave_a_record(runs: pytest.Pytester, workers: tuple[str, ...]) -> None:
    write(runs, "a-healthy", FEDERATED)
    write(runs, "b-unmet", UNMET)
    write(
        runs,
        "c-fallback",
        UNMET.replace("unmet", "hidden").replace("federated", "synchronized").replace("ok}", "wrong-value}"),
    )
    result = run_afresh(runs, "--junitxml", "junit.xml", LAB_OPTION, "process", REPORT_OPTION, "told", *workers)
    result.assert_outcomes(passed=2, failed=1)
    shown = result.stdout.str()
    for line in (
        "b-unmet.scenario.yaml:5:3: join",
        "  expected: federated",
        "  found:    synchronized",
        "b-unmet.scenario.yaml:6:12: claims.accounttype.is",
        "  because:  accounttype: 'dj' in the wrong case; 'DJ' is compared exactly",
        "  exchange: rst: POST https://sts.hybridjoin.test/",
        "index.html",
    ):
        assert line in shown
    assert "engine.py" not in shown, "no traceback"
    record = record_of(runs, "told")
    assert (record.site, record.backend, record.interrupted) == ("hybridjoin.test", "process", "")
    assert [(item.id, item.file, item.outcome) for item in record.scenarios] == [
        ("healthy", "a-healthy.scenario.yaml", Outcome.PASSED),
        ("unmet", "b-unmet.scenario.yaml", Outcome.FAILED),
        ("hidden", "c-fallback.scenario.yaml", Outcome.PASSED),
    ]
    assert (runs.path / "told" / "latest" / "junit.xml").is_file()
    assert (runs.path / "told" / "latest" / "index.html").is_file()
    told = properties(runs.path / "junit.xml", "unmet")
    assert told.pop("hybridjoin.title") == "An expectation that is not met"
    assert told.pop("hybridjoin.file") == "b-unmet.scenario.yaml:1"
    broken = ("CLAIM-02", "JOIN-04", "TOKEN-01")
    assert told.pop("hybridjoin.outcome") == "failed"
    assert told.pop("hybridjoin.device") == "WS01"
    assert told.pop("hybridjoin.result") == "synchronized"
    assert told.pop("hybridjoin.aadsts") == "AADSTS51004"
    assert told.pop("hybridjoin.hresult") == "0xcaa1000e"
    assert sorted(told.pop("hybridjoin.broken").split()) == [*broken]
    # That Entra refuses a 'dj' is assumed, so that what follows from the refusal is for review.
    assert told == {"hybridjoin.requirement.CLAIM-02": f"failed: {sentence_of('CLAIM-02')}"}


def properties(file: Path, name: str) -> dict[str, str]:
    """What the JUnit file says of one scenario."""
    case = etree.parse(file).find(f".//testcase[@name='{name}']")
    assert case is not None
    return {str(item.get("name")): str(item.get("value")) for item in case.iter("property")}


def sentence_of(requirement: str) -> str:
    return next(item.sentence for item in BOOK if item.id == requirement)


@pytest.mark.lab
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "distributed"])
def test_a_report_under_other_names_judges_as_it_did(runs: pytest.Pytester, workers: tuple[str, ...]) -> None:
    write(runs, "a-healthy", FEDERATED)
    write(runs, "b-unmet", UNMET)
    runs.makeini("[pytest]\nhybridjoin_anonymise = true\n")

    result = run_afresh(runs, LAB_OPTION, "process", *workers)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["report: *index.html", "--hybridjoin-anonymise: the report has other names;*"])
    record = record_of(runs)
    assert [item.outcome for item in record.scenarios] == [Outcome.PASSED, Outcome.FAILED]
    for file in (runs.path / "reports" / "latest").iterdir():
        assert b"hybridjoin.test" not in file.read_bytes().lower(), file.name
    assert replay(record).not_judged == []


LEAKING = """\
import os
import pytest
pytest_plugins = ["hybridjoin.plugin"]
SECRET = "{secret}"
if os.environ.get("PYTEST_XDIST_WORKER") or not {far}:
    from hybridjoin.model.vault import VAULT

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if getattr(report, "hybridjoin_record", None):
        report.hybridjoin_record = report.hybridjoin_record.replace("A healthy computer joins", SECRET)
    return report

def pytest_runtest_setup(item):
    VAULT.learn(SECRET, "a password", lasting=True)
"""


@pytest.mark.lab
@pytest.mark.parametrize(
    ("workers", "secret"),
    [((), "correct-horse-battery-staple"), (("-n", "2"), "correct-horse-battery-staple"), (("-n", "2"), "Winter26!")],
    ids=["alone", "distributed", "distributed, a short one"],
)
def test_what_only_a_worker_has_met_leaves_in_no_report(
    runs: pytest.Pytester, workers: tuple[str, ...], secret: str
) -> None:
    write(runs, "one", FEDERATED)
    runs.makeconftest(LEAKING.format(secret=secret, far=bool(workers)))

    result = run_afresh(runs, LAB_OPTION, "process", *workers)

    assert result.ret == EXIT_SECRET
    assert "the report's record.json" in result.stdout.str()
    assert "a password" in result.stdout.str()
    assert not (runs.path / "reports").exists()

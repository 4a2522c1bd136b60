"""`hybridjoin check`: every mistake of every file in one round, without a lab; secrets may be elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
GOOD = {
    "a.scenario.yaml": "id: a\ntitle: b\nexpect: {join: failed, aadsts: 51004}\n",
    "x.lab.yaml": "domain: {name: x.test}\ncomputers: [{name: PC1}]\n",
    "x.deviations.yaml": "known: []\n",
    "x.profile.yaml": "name: x\nsentence: For us.\nrequirements: {MEX-07: MAY}\n",
    "x.site.yaml": """\
name: x
idp: {issuer: urn:x, signing_certificate: signing.pem, mex_url: "https://sts.x.test/mex"}
directory: {domain: x.test, kdc: dc.x.test}
devices: [{name: PC2, keytab: pc2.keytab}]
entra: {tenant_id: 6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f, tenant_name: x.test, double: {}}
""",
}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in GOOD.items():
        Path(name).write_text(text, "utf-8")
    placeholder = ROOT / "harness/hybridjoin/starters/contoso-signing.pem"
    Path("signing.pem").write_bytes(placeholder.read_bytes())


def change(name: str, old: str, new: str) -> None:
    text = Path(name).read_text("utf-8")
    assert old in text
    Path(name).write_text(text.replace(old, new), "utf-8")


def test_good_files_are_good(run: Run) -> None:
    done = run("check")

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "x.site.yaml: note: the identity provider's certificate is the placeholder that init wrote "
        "(nobody has its key)",
        "x.site.yaml:4:31: note: 'pc2.keytab' is not here (a run needs it)",
        "1 scenario file, 1 site, 1 lab, 1 list of deviations, 1 profile checked: nothing wrong",
    ]


def test_every_mistake_of_every_kind_is_told_in_one_round(run: Run) -> None:
    change("a.scenario.yaml", "aadsts: 51004", "verdicts: {MEX-070: failed}")
    change("x.lab.yaml", "{name: PC1}", "{name: PC1}, {name: pc1, enabledd: true}")
    change("x.deviations.yaml", "[]", "[{requirement: MEX-070, owner: a, reason: b, expires: soon}]")
    change("x.profile.yaml", "MEX-07: MAY", "MEX-070: MAYBE")
    change("x.site.yaml", "https://sts", "http://sts")
    change("x.site.yaml", "signing.pem", "none.pem")

    done = run("check")

    assert done.code == 2
    told = [line.partition(": ")[0] for line in done.out.splitlines()]
    assert [place for place in told if place.count(":") == 2] == [
        "a.scenario.yaml:3:35",
        "x.lab.yaml:2:33",
        "x.lab.yaml:2:38",
        "x.site.yaml:2:43",
        "x.site.yaml:2:62",
        "x.deviations.yaml:1:23",
        "x.deviations.yaml:1:62",
        "x.profile.yaml:3:25",
        "x.site.yaml:4:31",
    ]
    assert "checked: 8 mistakes" in done.out


def test_a_code_that_no_double_answers_is_told(run: Run) -> None:
    change("a.scenario.yaml", "51004", "5100444444")

    assert "a.scenario.yaml:3:24: the Entra double never answers AADSTS5100444444 (did you mean" in run("check").out


def test_a_device_is_one_of_the_places_that_are_checked_with_it(run: Run) -> None:
    change("a.scenario.yaml", "title: b", "title: b\ndevice: {name: PC2}")
    assert run("check").code == 0, "PC2 is a device of the site"

    alone = run("check", "a.scenario.yaml")
    assert (alone.code, alone.out.partition("\n")[0]) == (
        2,
        "a.scenario.yaml:3:16: unknown device 'PC2' (known: WS01, WS02, WS03, WS04, WS05)",
    )
    assert run("check", "a.scenario.yaml", "--site", "x.site.yaml").code == 0


def test_names_are_looked_up_in_a_site_whose_files_are_elsewhere(run: Run) -> None:
    Path("signing.pem").unlink()

    told = run("check", "a.scenario.yaml", "x.site.yaml", "--site", "x.site.yaml").out
    assert "x.site.yaml:2:43: expected the path of a file, found none at 'signing.pem'" in told
    assert "a.scenario.yaml:1:1: unknown device 'WS01' (known: PC2)" in told


def test_a_scenario_that_a_run_would_skip_at_a_site_is_not_held_against_it(run: Run) -> None:
    change("a.scenario.yaml", "title: b", "title: b\nidp: {profile: adfs}")

    assert run("check", "a.scenario.yaml", "--site", "x.site.yaml").code == 0, "WS01 is no device of the site"

    change("a.scenario.yaml", "idp: {profile: adfs}", "tags: [a]")
    assert "unknown device 'WS01' (known: PC2)" in run("check", "a.scenario.yaml", "--site", "x.site.yaml").out


def test_a_scenario_is_held_against_the_lab_that_it_names(run: Run) -> None:
    change("a.scenario.yaml", "title: b", "title: b\nlab: x.lab.yaml")

    assert "unknown device 'WS01' (known: PC1)" in run("check", "a.scenario.yaml").out

    change("x.lab.yaml", "PC1", "WS01")
    assert run("check", "a.scenario.yaml").code == 0


def test_machines_read_it_as_json(run: Run) -> None:
    change("x.profile.yaml", "sentence", "sentense")

    document = json.loads(run("check", "--json").out)

    assert document["files"] == sorted(GOOD)
    assert document["scenarios"] == 1
    assert document["mistakes"][-1] == {
        "file": "x.profile.yaml",
        "line": 2,
        "column": 1,
        "problem": "unknown key 'sentense'",
        "hint": "did you mean 'sentence'?",
    }
    assert [note["line"] for note in document["notes"]] == [None, 4]


def test_a_row_that_is_past_its_date_is_worth_a_note(run: Run) -> None:
    change("x.deviations.yaml", "[]", "[{requirement: MEX-07, owner: a, reason: b, expires: 2020-01-31}]")

    done = run("check", "x.deviations.yaml")
    assert done.code == 0
    assert "x.deviations.yaml:1:23: note: 'MEX-07' is past its date, 2020-01-31 (certify fails on it)" in done.out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere", "nowhere: expected a file or a folder, found nothing there"),
        ("signing.pem", "signing.pem: expected a name that ends in .scenario.yaml, .site.yaml,"),
        ("refused.base.yaml", "(a file that others extend is checked with them)"),
        ("empty", "empty: expected files in the folder that end in .scenario.yaml,"),
    ],
)
def test_what_is_nothing_of_ours_is_refused(run: Run, name: str, words: str) -> None:
    Path("empty/.venv").mkdir(parents=True)
    Path("empty/.venv/a.scenario.yaml").write_text("hidden", "utf-8")
    Path("empty/env").mkdir()
    Path("empty/env/pyvenv.cfg").touch()
    Path("empty/env/a.scenario.yaml").write_text("somebody else's", "utf-8")
    Path("refused.base.yaml").touch()

    done = run("check", name)
    assert done.code == 2
    assert words in done.err


def test_it_needs_nothing_that_is_compiled_for_a_device_or_a_lab() -> None:
    probe = (
        "import sys\nfrom hybridjoin.cli.exits import run_guarded\nfrom hybridjoin.cli.group import root\n"
        "calls = (['init', '--into', 'new'], ['check'], ['list', 'faults'], ['schema', 'site'])\n"
        "codes = [int(run_guarded(root, call)) for call in calls]\n"
        "heavy = {'gssapi', 'krb5', 'ldap', 'starlette', 'docker', 'testcontainers', 'requests_kerberos', 'h11'}\n"
        "print(codes, heavy & set(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=120)

    assert done.stderr.splitlines()[-1] == "[0, 0, 0, 0] set()"

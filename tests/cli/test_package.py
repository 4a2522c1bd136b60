"""`package`, `verify` and `compare` as a person calls them."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.bundle.keys import CONFIG_VARIABLE, PASSPHRASE_VARIABLE
from hybridjoin.model.record import RunRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.json_report import write_record
from hybridjoin.report.write import write_reports
from tests.bundle.evidence import certification, clean_record, requirement
from tests.cli.conftest import Run
from tests.report.sample import sample_record


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "config"
    monkeypatch.setenv(CONFIG_VARIABLE, str(root))
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)
    return root


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return keep(tmp_path / "run", clean_record(certification(deviations=())))


def keep(folder: Path, record: RunRecord) -> Path:
    folder.mkdir()
    write_record(record, folder)
    return folder


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for a package and the key that signed it: `package` packs once, every test has copies."""
    return tmp_path_factory.mktemp("packed")


@pytest.fixture
def package(run: Run, kept: Path, tmp_path: Path, config: Path, packed: Path) -> Path:
    path = tmp_path / "evidence.zip"
    if not (packed / path.name).exists():
        assert run("package", kept, "-o", path).code == 0
        shutil.copytree(config, packed / config.name)
        shutil.copy2(path, packed)
    else:
        shutil.copytree(packed / config.name, config)
        shutil.copy2(packed / path.name, path)
    return path


def openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def test_a_run_is_packed_with_a_key_of_ones_own_that_is_made_once(
    run: Run, kept: Path, tmp_path: Path, config: Path
) -> None:
    first = run("package", kept, "-o", tmp_path / "a.zip")
    second = run("package", kept / "record.json", "-o", tmp_path / "b.zip")

    key = config / "evidence-key.pem"
    assert (first.code, second.code) == (0, 0)
    assert f"made a key pair of yours: {key}" in first.err
    assert "made a key" not in second.err
    assert first.out.splitlines()[1] == second.out.splitlines()[1]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert sorted(item.name for item in config.iterdir()) == ["evidence-key.pem"]


def test_a_package_is_explained_as_the_run_in_it_is(run: Run, kept: Path, package: Path) -> None:
    packed, plain = run("explain", package), run("explain", kept)

    assert (packed.code, plain.code) == (0, 0), packed.err
    assert packed.out.replace(str(package), str(kept)) == plain.out


def test_a_package_that_was_tampered_with_is_not_explained(run: Run, package: Path) -> None:
    body = package.read_bytes()
    package.write_bytes(body[:-200] + bytes([body[-200] ^ 1]) + body[-199:])

    done = run("explain", package)

    assert done.code == 2
    assert "hybridjoin verify" in done.err


def test_the_reports_folder_of_a_run_can_be_packed(run: Run, tmp_path: Path) -> None:
    write_reports(clean_record(), tmp_path / "reports")

    assert run("package", tmp_path / "reports" / "latest", "-o", tmp_path / "a.zip").code == 0
    assert run("verify", tmp_path / "a.zip").code == 0


def test_a_package_is_verified_by_fingerprint_or_key_or_neither(run: Run, package: Path, config: Path) -> None:
    plain = run("verify", package)
    known = json.loads(run("verify", package, "--json").out)["fingerprint"]
    colons = ":".join(known[at : at + 2] for at in range(0, 64, 2)).upper()
    openssl("pkey", "-in", config / "evidence-key.pem", "-pubout", "-out", config / "public.pem")

    assert plain.code == 0
    assert f"✓ {package} is what was signed" in plain.out
    assert "the key came with the package" in plain.err
    assert "the key came" not in run("verify", package, "--fingerprint", known).err
    assert run("verify", package, "--fingerprint", colons).code == 0
    vouched = json.loads(run("verify", package, "--public-key", config / "public.pem", "--json").out)
    assert (vouched["holds"], vouched["vouched"], vouched["findings"]) == (True, True, [])


def test_another_key_than_the_expected_one_is_told(run: Run, package: Path, tmp_path: Path) -> None:
    openssl("genpkey", "-algorithm", "ed25519", "-out", tmp_path / "other.pem")
    openssl("pkey", "-in", tmp_path / "other.pem", "-pubout", "-out", tmp_path / "other.pub")

    by_key = run("verify", package, "--public-key", tmp_path / "other.pub")
    by_print = run("verify", package, "--fingerprint", "0" * 64)

    assert (by_key.code, by_print.code) == (16, 16)
    assert "signed by another key" in by_key.out
    assert "signed by another key" in by_print.out


@pytest.mark.parametrize(
    "how",
    [("-algorithm", "ed25519"), ("-algorithm", "rsa"), ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")],
)
def test_a_key_of_the_users_signs(run: Run, kept: Path, tmp_path: Path, config: Path, how: tuple[str, ...]) -> None:
    key = tmp_path / "key.pem"
    openssl("genpkey", *how, "-out", key)

    done = run("package", kept, "-o", tmp_path / "a.zip", "--key", key, "--json")

    assert done.code == 0
    assert json.loads(done.out)["public_key_sha256"] in done.err
    assert run("verify", tmp_path / "a.zip").code == 0
    assert not config.exists()


def test_an_encrypted_key_asks_for_its_passphrase(
    run: Run, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, target = tmp_path / "key.pem", tmp_path / "a.zip"
    openssl("genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:open sesame", "-out", key)

    without = run("package", kept, "-o", target, "--key", key)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "wrong")
    wrong = run("package", kept, "-o", target, "--key", key)
    assert (without.code, wrong.code) == (2, 2)
    assert PASSPHRASE_VARIABLE in without.err
    assert "is HYBRIDJOIN_KEY_PASSPHRASE the right one?" in wrong.err
    assert not target.exists()

    monkeypatch.setenv(PASSPHRASE_VARIABLE, "open sesame")
    assert run("package", kept, "-o", target, "--key", key).code == 0


def test_a_key_that_others_may_read_does_not_sign(run: Run, kept: Path, package: Path, config: Path) -> None:
    (config / "evidence-key.pem").chmod(0o644)

    done = run("package", kept, "-o", package.with_name("b.zip"))

    assert done.code == 3
    assert "chmod 600" in done.err


def test_what_is_no_evidence_is_refused_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    folder = keep(tmp_path / "lost", sample_record(interrupted="the engine went away"))

    done = run("package", folder, "-o", tmp_path / "a.zip")

    assert (done.code, done.out) == (1, "")
    assert "the run was interrupted: the engine went away" in done.err
    assert "scenario directory-dies was interrupted: the domain controller stopped" in done.err
    assert not (tmp_path / "a.zip").exists()


def test_a_deviation_past_its_date_is_refused(run: Run, tmp_path: Path) -> None:
    folder = keep(tmp_path / "late", clean_record(certification()))

    done = run("package", folder, "-o", tmp_path / "a.zip")

    assert done.code == 1
    assert "the known deviation MEX-07 of IdP team is past its date" in done.err


def test_a_tampered_package_is_told_with_the_first_byte(run: Run, package: Path) -> None:
    body = bytearray(package.read_bytes())
    body[len(body) // 3] ^= 1
    package.write_bytes(body)

    done = run("verify", package)
    told = json.loads(run("verify", package, "--json").out)

    assert done.code == 16
    assert f"the zip file, first byte that differs: {len(body) // 3}" in done.out
    assert told["holds"] is False
    assert any(item["exact"] and item["offset"] == len(body) // 3 for item in told["findings"])
    assert run("compare", package, package).code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("package", "nowhere", "-o", "a.zip"), "nowhere: cannot be read"),
        (("package", "{run}"), "Missing option '-o'"),
        (("package", "{run}", "-o", "a.zip", "--key", "nowhere.pem"), "nowhere.pem: cannot be read"),
        (("package", "{run}", "-o", "a.zip", "--key", "{run}/record.json"), "expected a private key in PEM"),
        (("verify", "nowhere.zip"), "nowhere.zip: cannot be read"),
        (("verify", "{run}/record.json"), "found another file"),
        (("verify", "{package}", "--fingerprint", "abc"), "expected 64 hex digits"),
        (("verify", "{package}", "--public-key", "{run}/record.json"), "expected a public key in PEM"),
        (("compare", "nowhere", "{run}"), "nowhere"),
        (("compare", "{run}", "{run}", "--format", "xml"), "'xml' is not one of"),
    ],
)
def test_what_cannot_be_carried_out_is_told_in_words(
    run: Run, kept: Path, package: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run(*(item.format(run=kept, package=package) for item in arguments))

    assert done.code == 2, done.err
    assert words in done.err


def test_two_runs_are_compared_from_wherever_they_are_kept(run: Run, package: Path, kept: Path, tmp_path: Path) -> None:
    broken = certification(requirement(outcome=Outcome.FAILED, found="Computer"), deviations=())
    worse = keep(tmp_path / "worse", clean_record(broken))

    same = run("compare", kept, package)
    done = run("compare", package, worse / "record.json", "--json")
    drawn = run("compare", package, worse, "--format", "markdown")

    told = json.loads(done.out)
    assert (same.code, done.code, drawn.code) == (0, 16, 16)
    assert "No difference" in same.out
    assert told["counts"] == {"new": 1, "fixed": 0, "changed": 2}
    assert [item["name"] for item in told["changes"] if item["kind"] == "new"] == ["CLAIM-02"]
    assert "| new | CLAIM-02 | MUST passed | MUST failed: Computer |" in drawn.out


def test_runs_of_different_sites_are_not_compared_unless_asked(run: Run, kept: Path, tmp_path: Path) -> None:
    other = keep(tmp_path / "other", replace(clean_record(certification(deviations=())), site="contoso"))

    refused = run("compare", kept, other)

    assert refused.code == 2
    assert "the site differs: lab and contoso" in refused.err
    assert run("compare", kept, other, "--across").code == 0


@pytest.mark.parametrize(
    ("after", "gates", "code"),
    [
        (Outcome.FAILED, ("new",), 16),
        (Outcome.FAILED, ("worse",), 16),
        (Outcome.FAILED, ("fixed",), 0),
        (Outcome.FAILED, ("none",), 0),
        (Outcome.FAILED, ("fixed", "new"), 16),
        (Outcome.PASSED, ("new",), 0),
        (Outcome.PASSED, ("worse",), 0),
        (Outcome.PASSED, ("worse", "new"), 0),
        (Outcome.PASSED, ("fixed",), 16),
        (Outcome.PASSED, ("changed",), 0),
        (Outcome.PASSED, ("any",), 16),
        (Outcome.PASSED, (), 16),
    ],
)
def test_what_a_comparison_fails_on_is_chosen(
    run: Run, tmp_path: Path, after: Outcome, gates: tuple[str, ...], code: int
) -> None:
    before = Outcome.PASSED if after is Outcome.FAILED else Outcome.WARNING
    folders = [
        keep(tmp_path / str(number), clean_record(certification(requirement(outcome=outcome), deviations=())))
        for number, outcome in enumerate((before, after))
    ]

    done = run("compare", *folders, *(part for gate in gates for part in ("--fail-on", gate)))

    assert (done.code, done.err) == (code, "")
    assert "CLAIM-02" in done.out


def test_failing_on_nothing_and_on_something_is_refused(run: Run, kept: Path) -> None:
    done = run("compare", kept, kept, "--fail-on", "none", "--fail-on", "new")

    assert done.code == 2
    assert "--fail-on: expected none alone" in done.err

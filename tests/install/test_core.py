"""The core: every command that reads, judges or explains, from a wheel without extras."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

import hybridjoin
from hybridjoin.cli.group import COMMANDS
from hybridjoin.extras import EXTRA_OF
from hybridjoin.report.json_report import write_record
from tests.bundle.evidence import certification, clean_record
from tests.install.conftest import Installed
from tests.intake.files import transcripts
from tests.intake.test_computer_facts import ldif
from tests.intake.test_federation import TEXT
from tests.protocol.documents import ISSUER, AssertionText, ReplyText, sign, signer
from tests.protocol.metadata import metadata
from tests.run.test_replay import record_of

pytestmark = pytest.mark.install
PROBE = """
import json, sys
from hybridjoin.cli.exits import run_guarded
from hybridjoin.cli.group import root
code = run_guarded(root, sys.argv[1:])
print(json.dumps([code, sorted({name.partition('.')[0] for name in sys.modules})]), file=sys.stderr)
"""
GATEWAY = Path(hybridjoin.__file__).parent / "starters" / "contoso.gateway.yaml"
SCENARIO = "id: joins\ntitle: It joins\nexpect: {join: federated}\n"
READS = [
    ("explain", "AADSTS51004"),
    ("explain", "304", "0xcaa20003", "MEX-07"),
    ("explain", "replayed/record.json"),
    ("federation", "settings.txt"),
    ("federation", "settings.txt", "--emit", "powershell"),
    ("gateway", "pingone.gateway.yaml"),
    ("import", "settings.txt", "mex.xml", "-o", "case"),
    ("mex", "mex.xml"),
    ("mex", "mex.xml", "--against", "mex.xml"),
    ("assertion", "token.xml", "--signing-certificate", "signing.pem", "--issuer", ISSUER, "--computer", "ws01.ldif"),
    ("render", "clean/record.json", "--format", "markdown"),
    ("render", "clean/record.json", "--format", "html", "-o", "page.html"),
    ("compare", "clean", "clean"),
    ("matrix", "clean", "clean", "-o", "matrix.html"),
    ("replay", "replayed"),
    ("curl", "replayed", "mex"),
    ("init",),
    ("init", "github", "gitlab", "jenkins"),
    ("check", "joins.scenario.yaml"),
    ("list",),
    ("list", "faults", "audience"),
    ("schema", "scenario"),
    ("schema", "site"),
    ("certify", "--list"),
    ("certify", "--list-faults"),
    ("mutate", "--list"),
    ("vectors", "--list"),
    ("vectors", "--only", "value-*"),
    ("run", "--list", "joins.scenario.yaml"),
    ("doctor", "--json"),
]
"""Every command that needs no lab and no tickets; 1 is a finding of theirs, 3 is doctor's word for what is missing."""
NEEDS_MORE = [
    ("demo",),
    ("run", "joins.scenario.yaml"),
    ("certify",),
    ("join",),
    ("sign-in", "--user", "carol"),
    ("logon", "--user", "carol"),
    ("work-account", "--user", "carol"),
    ("bridge", "--user", "carol"),
    ("gateway", "pingone.gateway.yaml", "--lab", "process"),
    ("mutate",),
    ("lab", "up"),
    ("lab", "status"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a support engineer or a vendor has at hand."""
    for name, record in (("clean", clean_record(certification(deviations=()))), ("replayed", record_of())):
        (tmp_path / name).mkdir()
        write_record(record, tmp_path / name)
    certificate = x509.load_der_x509_certificate(signer().certificate)
    (tmp_path / "signing.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "token.xml").write_bytes(bytes(ReplyText(tokens=(sign(str(AssertionText())),))))
    (tmp_path / "ws01.ldif").write_bytes(ldif())
    (tmp_path / "settings.txt").write_text(TEXT, "utf-8")
    (tmp_path / "mex.xml").write_bytes(metadata())
    (tmp_path / "joins.scenario.yaml").write_text(SCENARIO, "utf-8")
    (tmp_path / "pingone.gateway.yaml").write_bytes(GATEWAY.read_bytes())
    return tmp_path


def loaded(core: Installed, folder: Path, *arguments: str) -> tuple[int, frozenset[str]]:
    """Carry a command out in the core; return its exit code and what it imported."""
    done = core.run("-c", PROBE, *arguments, cwd=folder)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, frozenset(modules)


@pytest.mark.parametrize("arguments", READS, ids=" ".join)
def test_a_command_that_reads_runs_without_an_extra(core: Installed, folder: Path, arguments: tuple[str, ...]) -> None:
    done = core.carry_out(*arguments, cwd=folder)

    assert done.returncode in ({3} if arguments[0] == "doctor" else {0, 1}), done.stderr
    assert done.stderr == ""
    assert done.stdout or "-o" in arguments


def test_a_run_is_packed_and_verified_without_an_extra(core: Installed, folder: Path) -> None:
    packed = core.command("package", "clean", "-o", "evidence.zip", cwd=folder)
    verified = core.command("verify", "evidence.zip", cwd=folder)

    assert (packed.returncode, verified.returncode) == (0, 0), packed.stderr + verified.stderr


def test_every_command_has_its_place_here() -> None:
    reads, more = ({arguments[0] for arguments in table} for table in (READS, NEEDS_MORE))

    assert set(COMMANDS) - reads - more - {"package", "verify", "status", "reproduce", "leave"} == set()


def test_a_case_is_written_without_an_extra_and_reproduced_with_one(core: Installed, folder: Path) -> None:
    (folder / "join.txt").write_text(transcripts.FALLBACK, "utf-8")

    written = core.command("import", "join.txt", "-o", "case", cwd=folder)
    tried = core.command("reproduce", "case", cwd=folder)

    assert (written.returncode, tried.returncode) == (0, 3), written.stderr + tried.stderr
    assert f"what to do: {core.python} -m pip install 'hybridjoin[lab]'\n" in tried.stderr


@pytest.mark.parametrize("code", ["AADSTS51004", "304", "MEX-07"])
def test_explaining_a_code_loads_neither_zeep_nor_xmlsec_nor_a_client(core: Installed, folder: Path, code: str) -> None:
    done, modules = loaded(core, folder, "explain", code)

    assert done == 0
    assert {"zeep", "xmlsec", "requests", "yaml", "jinja2", "freezegun"} & modules == set()


def test_verifying_a_package_loads_no_client_and_no_verifier_of_xml(core: Installed, folder: Path) -> None:
    core.command("package", "clean", "-o", "evidence.zip", cwd=folder)

    done, modules = loaded(core, folder, "verify", "evidence.zip")

    assert done == 0
    assert {"zeep", "xmlsec", "signxml", "requests"} & modules == set()


@pytest.mark.parametrize("arguments", NEEDS_MORE, ids=" ".join)
def test_a_command_whose_extra_is_missing_names_the_line_that_brings_it(
    core: Installed, folder: Path, arguments: tuple[str, ...]
) -> None:
    done = core.carry_out(*arguments, cwd=folder)

    assert done.returncode == 3, done.stderr
    assert f"what to do: {core.python} -m pip install 'hybridjoin[lab]'\n" in done.stderr
    assert "libkrb5-dev libldap2-dev libsasl2-dev" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_of_an_extra_is_in_the_core(core: Installed, tmp_path: Path) -> None:
    listed = core.run(
        "-c", f"import importlib.util as u; print([n for n in {list(EXTRA_OF)} if u.find_spec(n)])", cwd=tmp_path
    )

    assert listed.stdout == "[]\n"


def test_the_python_interface_is_there_and_says_what_it_lacks(core: Installed, folder: Path) -> None:
    program = """
from pathlib import Path
from hybridjoin import api
again = api.judge_again(api.read_record(Path("replayed/record.json")))
print(len(again.record.scenarios))
try:
    with api.open_lab(backend="process") as lab, lab.site():
        print("opened")
except api.LabError as error:
    print(error)
"""
    done = core.run("-c", program, cwd=folder)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "1"
    assert "-m pip install 'hybridjoin[lab]'" in done.stdout

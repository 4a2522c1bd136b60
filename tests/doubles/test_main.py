"""The doubles as programs: one line when ready, a clean end on a signal, every mistake named."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import trustme

ROOT = Path(__file__).parent.parent.parent
CONFIG = {
    "tenant_id": "6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f",
    "tenant_name": "hybridjoin.test",
    "domains": [{"name": "hybridjoin.test", "authentication": "Managed"}],
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """CA and server certificate with key, as PEM files."""
    place = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(place / "ca.pem"))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(place / "server.pem"))
    return place / "ca.pem", place / "server.pem"


def command(config: Path, pem: Path, *more: str, double: str = "entra") -> list[str]:
    files = ["--config", str(config), "--certfile", str(pem), "--keyfile", str(pem)]
    return [sys.executable, "-m", "hybridjoin.doubles", double, *files, *more]


def outcome(arguments: list[str]) -> tuple[int, str]:
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_says_its_port_and_ends_cleanly(
    number: signal.Signals, tmp_path: Path, certificates: tuple[Path, Path]
) -> None:
    config = tmp_path / "entra.json"
    config.write_text(json.dumps(CONFIG))
    program = subprocess.Popen(command(config, certificates[1]), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    try:
        ready = json.loads(program.stdout.readline())
        with requests.Session() as session:
            session.trust_env = False
            reply = session.get(
                f"https://127.0.0.1:{ready['port']}/common/userrealm/a@hybridjoin.test",
                verify=str(certificates[0]),
                timeout=20,
            )
        program.send_signal(number)

        assert program.wait(20) == 0
    finally:
        program.kill()
        program.wait()
        program.stdout.close()
    assert (ready["double"], ready["pid"]) == ("entra", program.pid)
    assert reply.json()["account_type"] == "Managed"


def test_all_mistakes_of_a_configuration_are_named(tmp_path: Path, certificates: tuple[Path, Path]) -> None:
    config = tmp_path / "entra.json"
    config.write_text(json.dumps({"tenant_id": "x", "domains": []}))

    code, words = outcome(command(config, certificates[1]))

    assert code == 2
    assert [line.partition(":")[0] for line in words.splitlines()] == ["tenant_name", "tenant_id", "domains"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, "cannot be read: No such file"), ("{", "expected JSON"), ("[]", "expected a JSON object, found a list")],
    ids=["no file", "no JSON", "no object"],
)
def test_a_configuration_file_that_is_none_is_named(
    content: str | None, expected: str, tmp_path: Path, certificates: tuple[Path, Path]
) -> None:
    config = tmp_path / "entra.json"
    if content is not None:
        config.write_text(content)

    code, words = outcome(command(config, certificates[1]))

    assert code == 2
    assert words.startswith(f"{config}: ")
    assert expected in words


def test_a_certificate_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    config = tmp_path / "entra.json"
    config.write_text(json.dumps(CONFIG))

    code, words = outcome(command(config, tmp_path / "none.pem"))

    assert (code, words) == (2, f"{tmp_path / 'none.pem'}: expected a PEM file, found none\n")


def test_what_the_machine_cannot_do_is_no_mistake(tmp_path: Path, certificates: tuple[Path, Path]) -> None:
    config = tmp_path / "entra.json"
    config.write_text(json.dumps(CONFIG))

    code, words = outcome(command(config, certificates[1], "--host", "192.0.2.1"))

    assert code == 3
    assert words.startswith("cannot listen on 192.0.2.1:")


def test_a_directory_that_does_not_answer_is_no_mistake(tmp_path: Path, certificates: tuple[Path, Path]) -> None:
    password = tmp_path / "password"
    password.write_text("secret words")
    connect = {
        "url": "ldaps://127.0.0.1:9",
        "ca_file": str(certificates[0]),
        "bind_dn": "svc-lookup@hybridjoin.test",
        "password_file": str(password),
        "base_dn": "DC=hybridjoin,DC=test",
    }
    config = tmp_path / "entra.json"
    config.write_text(json.dumps({**CONFIG, "connect": connect}))

    code, words = outcome(command(config, certificates[1]))

    assert code == 3
    assert words.startswith("Entra Connect cannot bind to ldaps://127.0.0.1:9")
    assert "secret words" not in words


def test_the_other_doubles_mistakes_are_named_too(tmp_path: Path, certificates: tuple[Path, Path]) -> None:
    config = tmp_path / "idp.json"
    config.write_text(json.dumps({"profile": "okta"}))

    code, words = outcome(command(config, certificates[1], double="idp"))

    assert code == 2
    assert "profile" in words


def test_the_help_shows_an_example() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hybridjoin.doubles", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip

    assert "example: python -m hybridjoin.doubles entra" in done.stdout

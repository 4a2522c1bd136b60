"""ADAL for Python, unchanged and in an environment of its own, signs the people of the lab in over real TLS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.tokens import verify
from hybridjoin.lab.lab import Lab
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.model.site import Site
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.load import load_lab_file

pytestmark = [pytest.mark.lab, pytest.mark.install]

CLIENT = Path(__file__).parent / "adal" / "client.py"
LOGIN, HTTPS = "login.microsoftonline.com", 443
WITHIN_S = 180
SITES: Mapping[str, Mapping[str, object]] = {
    "PingOne 1.3": {"profile": "pingone"},
    "AD FS, both": {"profile": "adfs"},
    "AD FS 2005/02": {"profile": "adfs", "trust_versions": ["2005"]},
}


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with ADAL in it, which the house's own need not have."""
    folder = tmp_path_factory.mktemp("adal") / "venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=WITHIN_S)
    made = folder / "bin" / "python"
    subprocess.run([made, "-m", "pip", "install", "--quiet", "adal==1.2.7"], check=True, timeout=WITHIN_S)
    return made


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(load_lab_file(default_lab_path()), backend=ProcessBackend()) as running:
        yield running


def signed_in(python: Path, site: Site, password: str | None = None) -> Mapping[str, Any]:
    person = site.person("carol")
    assert person is not None
    shown = password or person.password_file.read_text("utf-8").strip()
    (port,) = (item.to_port for item in site.connect if item.host == LOGIN and item.port != HTTPS)
    authority = f"https://{LOGIN}:{port}/{site.entra.tenant_id}"
    done = subprocess.run(
        [python, CLIENT, authority, str(site.entra.ca_file), person.user_principal_name],
        input=f"{shown}\n",
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("settings", SITES.values(), ids=SITES)
def test_a_person_is_signed_in(python: Path, lab: Lab, settings: Mapping[str, object]) -> None:
    with lab.site(idp=settings, explicit_ports=True) as site:
        claims = verify(signed_in(python, site)["token"], process_authority().token_key.public_key())

        assert (claims["upn"], claims["tid"]) == ("carol@hybridjoin.test", site.entra.tenant_id)
        assert claims["amr"] == ["pwd"]


def test_a_wrong_password_is_refused_in_the_services_own_words(python: Path, lab: Lab) -> None:
    with lab.site(idp={"profile": "adfs"}, explicit_ports=True) as site:
        found = signed_in(python, site, "another one")

    assert "http error: 500" in found["refused"]
    assert "FailedAuthentication" in found["refused"]
    assert "another one" not in found["refused"]

"""The live path: Microsoft's host names at port 443, and no word of ours that leads them anywhere.

What is proven is the code that would be used against the real services: names are looked up, dialled and verified as
they are. Where they lead is the business of the network, which here is a namespace of the test's own with the Entra
double in it; nothing in it reaches anybody outside.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.live.namespace import inside, unshared

pytestmark = pytest.mark.lab
TENANT = "hybridjoin.test (6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f) is a real tenant"


@pytest.fixture(scope="module")
def steps() -> Iterator[Mapping[str, Any]]:
    """What came of each step, from a stage inside the namespaces."""
    if not unshared():
        pytest.skip("this machine lets its users have no network and mounts of their own (unshare --net --mount)")
    folder = Path(tempfile.mkdtemp(prefix="hj-"))
    try:
        done = inside("tests.live.stage", folder)
        assert done.returncode == 0, done.stderr
        yield json.loads(done.stdout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_nothing_can_leave_and_nothing_of_ours_leads_the_names_elsewhere(steps: Mapping[str, Any]) -> None:
    site = yaml.safe_load(steps["site"])
    assert steps["interfaces"] == ["lo"]
    assert steps["named"] == "127.0.0.1"
    assert site["entra"].keys() == {"tenant_id", "tenant_name"}
    assert "connect" not in site
    assert "mex_url" not in site["idp"]


def test_without_leave_nobody_is_asked(steps: Mapping[str, Any]) -> None:
    done = steps["without leave"]
    assert (done["code"], done["asked"]) == (2, [])
    assert "login.microsoftonline.com and enterpriseregistration.windows.net" in done["err"]


def test_without_the_authority_the_services_are_not_believed(steps: Mapping[str, Any]) -> None:
    done = steps["without the authority"]
    assert (done["code"], done["asked"]) == (1, [])
    assert "comes from an authority that is not trusted" in done["err"]


def test_a_device_joins(steps: Mapping[str, Any]) -> None:
    done = steps["join"]
    assert done["code"] == 0, done["err"]
    assert "             AzureAdJoined : YES" in done["out"].splitlines()
    assert done["asked"] == [["discover", 200, ""], ["realm", 200, ""], ["token", 200, ""], ["join", 200, ""]]
    assert done["registered"]
    assert f"WARNING: {TENANT}" in done["err"]
    assert steps["kept"] == {"device.key.pem": 0o600, "device.pem": 0o600}
    assert "PRIVATE KEY" not in done["out"] + done["err"]


def test_it_leaves_by_its_certificate(steps: Mapping[str, Any]) -> None:
    done = steps["leave"]
    assert done["code"] == 0, done["err"]
    assert done["asked"] == [["leave", 200, ""]]
    assert not done["registered"]
    assert "has left the tenant" in done["out"]
    assert "it would remove a device's registration there (WS01)" in done["err"]
    assert steps["kept after"] == []


def test_whoever_has_left_is_unknown(steps: Mapping[str, Any]) -> None:
    done = steps["second leave"]
    assert done["code"] == 1
    assert done["asked"] == [["leave", 401, "leave-unknown-certificate"]]
    assert "has not left the tenant" in done["out"]
    assert "it has left already, or has joined anew since" in done["err"]

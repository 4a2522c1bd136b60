"""The domain controller in a container: what it serves, what it asks of the engine, and that nothing of it stays."""

from __future__ import annotations

import doctest
import os
import subprocess
from pathlib import Path

import docker
import pytest

from hybridjoin.errors import LabError
from hybridjoin.lab.docker import samba_container
from hybridjoin.lab.docker.backend import DockerBackend
from hybridjoin.lab.docker.samba_container import SambaDomainController
from hybridjoin.scenario.lab.lab_file import LabFile
from tests.docker.conftest import ROOT, log_in, run_tool, states_of

pytestmark = pytest.mark.docker


def test_a_computer_gets_a_ticket_for_the_identity_provider(controller: SambaDomainController, tmp_path: Path) -> None:
    log_in(controller, tmp_path)

    printed = run_tool(controller, tmp_path, ["kvno", "HTTP/sts.hybridjoin.test"])

    assert printed.startswith("HTTP/sts.hybridjoin.test@HYBRIDJOIN.TEST: kvno = ")


def test_a_computer_reads_the_service_connection_point_with_its_ticket(
    controller: SambaDomainController, tmp_path: Path
) -> None:
    log_in(controller, tmp_path)
    question = ["-b", f"CN=Configuration,{controller.base_dn}", "(objectClass=serviceConnectionPoint)", "keywords"]

    found = run_tool(
        controller, tmp_path, ["ldapsearch", "-Q", "-N", "-LLL", "-Y", "GSSAPI", "-H", controller.ldap_url, *question]
    )

    assert "keywords: azureADName:hybridjoin.test" in found
    assert "keywords: azureADId:6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f" in found


def test_the_lookup_account_binds_over_verified_tls(controller: SambaDomainController, tmp_path: Path) -> None:
    lookup = controller.domain.lookup
    question = ["-b", controller.base_dn, "(sAMAccountName=WS02$)", "objectGUID"]
    as_lookup = ["-x", "-D", lookup.dn, "-y", controller.password_file(lookup.name)]

    found = run_tool(controller, tmp_path, ["ldapsearch", "-LLL", "-H", controller.ldaps_url, *as_lookup, *question])

    assert "dn: CN=WS02,CN=Computers,DC=hybridjoin,DC=test" in found


def test_the_container_asks_for_nothing_that_another_one_has_not(controller: SambaDomainController) -> None:
    wrapped = controller.get_wrapped_container()
    wrapped.reload()
    host = wrapped.attrs["HostConfig"]

    assert host["Privileged"] is False
    assert not host["CapAdd"]
    assert not host["Binds"]
    assert host["NetworkMode"] in {"default", "bridge"}
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    bindings = [binding for bound in host["PortBindings"].values() for binding in bound]
    assert [(item["HostIp"], item["HostPort"]) for item in bindings] == [("127.0.0.1", "")] * 4


def test_two_controllers_at_once_do_not_meet(
    controller: SambaDomainController, lab_file: LabFile, tmp_path: Path
) -> None:
    with SambaDomainController(lab_file) as other:
        assert other.ldap_url != controller.ldap_url
        assert other.domain.state_dir != controller.domain.state_dir
        log_in(other, tmp_path)

    log_in(controller, tmp_path)


@pytest.mark.parametrize(
    ("offset_s", "complaint"), [(-360, "Clock skew too great"), (360, "Clock skew too great"), (-240, "")]
)
def test_the_clock_of_the_controller_may_be_set_off(
    offset_s: int, complaint: str, lab_file: LabFile, tmp_path: Path
) -> None:
    with SambaDomainController(lab_file, clock_offset_s=offset_s) as off:
        environment = {**os.environ, "KRB5_CONFIG": str(off.krb5_config), "KRB5CCNAME": f"FILE:{tmp_path / 'ccache'}"}
        command = ["kinit", "-k", "-t", str(off.keytab("WS01$")), "WS01$"]
        asked = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=30)

        assert off.domain.clock_offset_s == offset_s
    assert complaint in asked.stderr
    assert (asked.returncode == 0) is (complaint == "")


def test_the_log_is_kept_on_this_side_while_it_runs(controller: SambaDomainController) -> None:
    assert "samba version 4." in controller.domain.log_file.read_text("utf-8")
    assert "started" in controller.domain.log_tail()


def test_nothing_is_left_when_the_body_fails(lab_file: LabFile, client: docker.DockerClient) -> None:
    before = states_of(client, os.getpid())
    domains = []

    with pytest.raises(ZeroDivisionError), DockerBackend().start(lab_file) as domain:
        domains.append((domain.state_dir, len(states_of(client, os.getpid())) // (1 - 1)))

    assert domains == []
    assert states_of(client, os.getpid()) == before


def test_an_account_that_the_domain_lacks_is_named(controller: SambaDomainController) -> None:
    with pytest.raises(LabError, match=r"found 'WS99\$'\nwhat to do: one of .*WS01\$"):
        controller.keytab("WS99$")


def test_a_controller_that_was_not_started_says_so(lab_file: LabFile) -> None:
    controller = SambaDomainController(lab_file)
    try:
        with pytest.raises(LabError, match="was not started"):
            _ = controller.krb5_config
    finally:
        controller.stop()


def test_the_example_in_the_docstring_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    outcome = doctest.testmod(samba_container)

    assert outcome.attempted > 0
    assert outcome.failed == 0

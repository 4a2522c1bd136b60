"""The bootstrap script on a Debian that has nothing yet: it says what it needs, or takes it."""

from __future__ import annotations

from pathlib import PurePosixPath

import docker
import pytest

from hybridjoin.lab.docker.client import pack
from hybridjoin.lab.docker.images import ensure_base
from hybridjoin.lab.docker.owner import owner_labels
from tests.docker.conftest import ROOT

pytestmark = pytest.mark.docker


def bootstrap(client: docker.DockerClient, *, user: str, want: str) -> tuple[int, str]:
    """Run the script in a bare Debian container without a network; return its exit code and what it said."""
    container = client.containers.create(
        ensure_base(client),
        command=["/repo/requirements/bootstrap", want],
        user=user,
        network_mode="none",
        labels=owner_labels(),
    )
    try:
        files = ["requirements", "pyproject.toml", "harness/hybridjoin/__init__.py"]
        with pack((PurePosixPath("repo", name), ROOT / name) for name in files) as archive:
            container.put_archive("/", archive)
        container.start()
        code = int(container.wait(timeout=60)["StatusCode"])
        return code, container.logs().decode("utf-8", "replace")
    finally:
        container.remove(force=True)


def test_without_the_right_to_install_the_exact_command_is_printed(client: docker.DockerClient) -> None:
    code, said = bootstrap(client, user="nobody", want="runtime")

    assert code == 3
    assert "sudo sh -c 'apt-get update && apt-get install --yes --no-install-recommends ca-certificates curl" in said
    for package in ("libkrb5-dev", "libldap2-dev", "gcc", "krb5-user", "python3-venv", "samba-ad-provision"):
        assert f" {package}" in said
    assert "chromium" not in said


def test_the_tests_need_a_browser_too(client: docker.DockerClient) -> None:
    _, said = bootstrap(client, user="nobody", want="dev")

    assert " chromium" in said


def test_packages_that_cannot_be_fetched_are_the_machines_fault(client: docker.DockerClient) -> None:
    code, said = bootstrap(client, user="root", want="runtime")

    assert code == 3
    assert "apt-get could not install them" in said

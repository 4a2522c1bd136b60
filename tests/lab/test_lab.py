"""A lab with its doubles: what a site of it looks like, and who shares it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hybridjoin.errors import UsageError
from hybridjoin.lab.alive import need_answer
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.lab import DOMAIN_VARIABLE, Lab, open_lab, share_domain
from hybridjoin.lab.shared_domain import SharedDomain
from hybridjoin.model.site import Site
from hybridjoin.scenario.lab.lab_file import LabFile

pytestmark = pytest.mark.lab

ROOT = Path(__file__).parent.parent.parent
JOINER = """
import sys
from pathlib import Path
from hybridjoin.lab.lab import open_lab
from hybridjoin.scenario.lab.load import load_lab_file
with open_lab(load_lab_file(Path(sys.argv[1])), "process") as lab, lab.site() as site:
    print(site.directory.ldap_url, lab.domain.state_dir)
"""


@pytest.fixture(scope="module")
def lab(lab_file: LabFile, domain: Domain) -> Iterator[Lab]:
    with Lab(lab_file, backend=SharedDomain(domain)) as running:
        yield running


def get(site: Site, url: str) -> tuple[int, str, str]:
    """Fetch a URL as the site says it is reached: by name, on another port, verified; return status, date and body."""
    parts = urlsplit(url)
    wanted = (parts.hostname, parts.port or 443)
    route = next(item for item in site.connect if (item.host, item.port) == wanted)
    context = ssl.create_default_context(cafile=site.idp.ca_file)
    with socket.create_connection((route.address, route.to_port), timeout=10) as plain:
        connection = http.client.HTTPSConnection(parts.hostname or "", wanted[1], context=context, timeout=10)
        connection.sock = context.wrap_socket(plain, server_hostname=parts.hostname)
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        reply = connection.getresponse()
        answer = reply.status, reply.getheader("Date", ""), reply.read().decode()
        connection.close()
    return answer


def realm_of(site: Site) -> dict[str, object]:
    url = "https://login.microsoftonline.com/common/UserRealm?user=x@hybridjoin.test&api-version=1.0"
    status, _, body = get(site, url)
    assert status == 200, body
    found = json.loads(body)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        pytest.param({}, "/wsf/mex13/", id="PingOne's 1.3"),
        pytest.param({"mex": "mex"}, "/wsf/mex/", id="PingOne's 1.2"),
        pytest.param({"profile": "adfs"}, "/adfs/services/trust/mex", id="AD FS"),
        pytest.param(
            {"service_host": "sts-nospn.hybridjoin.test"}, "https://sts-nospn.hybridjoin.test/", id="other host"
        ),
    ],
)
def test_the_tenant_leads_to_a_metadata_document_that_is_served(
    lab: Lab, settings: dict[str, object], path: str
) -> None:
    with lab.site(idp=settings) as site:
        realm = {key.lower(): value for key, value in realm_of(site).items()}
        url = next(str(value) for value in realm.values() if path in str(value) and "mex" in str(value))
        status, _, body = get(site, url)

    assert status == 200
    assert ("NegotiateAuthentication" in body) is (path != "/wsf/mex/")  # the 1.2 document knows passwords only


def test_each_site_starts_from_everyday_settings(lab: Lab) -> None:
    with lab.site(entra={"domain": {"authentication": "Managed"}}) as bent:
        first = realm_of(bent)
    with lab.site() as plain:
        second = realm_of(plain)

    assert "Managed" in first.values()
    assert "Federated" in second.values()


def test_between_sites_the_doubles_answer_that_they_are_none(lab: Lab) -> None:
    with lab.site() as site:
        pass

    assert get(site, "https://login.microsoftonline.com/common/UserRealm")[0] == 503


def test_a_mistake_in_the_settings_is_the_users(lab: Lab) -> None:
    with pytest.raises(UsageError, match="profile"), lab.site(idp={"profile": "pongone"}):
        pass
    with pytest.raises(UsageError, match="source_anchor"), lab.site(entra={"source_anchor": "mail"}):
        pass


def test_a_bent_clock_has_a_domain_controller_of_its_own(lab: Lab) -> None:
    with lab.site() as plain, lab.site(clock_offset_s=-360) as bent, lab.site(clock_offset_s=-360) as again:
        assert bent.directory.ldap_url != plain.directory.ldap_url
        assert bent.directory.ldap_url == again.directory.ldap_url
        assert [device.name for device in bent.devices] == [device.name for device in plain.devices]


def test_a_bent_clock_is_the_doubles_clock_too(lab: Lab) -> None:
    with lab.site(clock_offset_s=-4200) as site:
        told = parsedate_to_datetime(get(site, "https://login.microsoftonline.com/common/UserRealm")[1])

    assert abs((datetime.now(UTC) - told).total_seconds() - 4200) < 60


def test_a_mistake_in_the_settings_of_a_bent_site_is_the_users_too(lab: Lab) -> None:
    with pytest.raises(UsageError, match="profile"), lab.site(idp={"profile": "pongone"}, clock_offset_s=-360):
        pass


def test_another_process_joins_the_domain_that_is_shared(lab_file: LabFile) -> None:
    with share_domain(lab_file, "process") as shared:
        assert DOMAIN_VARIABLE in os.environ
        command = [sys.executable, "-c", JOINER, str(lab_file.path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
        need_answer(shared)

    assert done.stdout.split() == [shared.directory.ldap_url, str(shared.state_dir)]
    assert DOMAIN_VARIABLE not in os.environ


def test_a_shared_domain_of_another_backend_is_left_alone(lab_file: LabFile) -> None:
    with share_domain(lab_file, "process") as shared, open_lab(lab_file, "process") as joined:
        assert joined.domain is not shared
        assert joined.domain == shared


def test_a_domain_that_is_down_by_now_is_not_waited_for(lab_file: LabFile, tmp_path: Path) -> None:
    environment = {**os.environ, DOMAIN_VARIABLE: str(tmp_path / "domain.json")}
    command = [sys.executable, "-c", JOINER, str(lab_file.path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.startswith("ldap://127.88.0.")
    assert "names a lab that is down" in done.stderr

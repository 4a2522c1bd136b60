"""MSAL for Python, unchanged, signs the lab's people in: realm, metadata, password, assertion and token over real TLS.

Only addresses are given to it: a session that dials the lab's ports for the public names and trusts the lab's CA.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msal
import pytest
import requests
from requests.adapters import HTTPAdapter

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.resources import USER_RESOURCES
from hybridjoin.doubles.entra.tokens import verify
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.lab import Lab
from hybridjoin.lab.places import STATE_VARIABLE
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.lab.shared_domain import SharedDomain
from hybridjoin.model.site import Connect, Site
from hybridjoin.scenario.lab.load import load_lab_file

pytestmark = pytest.mark.lab

DEFAULT_LAB = Path(__file__).parents[2] / "scenarios" / "default.lab.yaml"
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
SCOPE = "https://graph.microsoft.com/User.Read"
SITES = {
    "PingOne 1.3": {"profile": "pingone"},
    "PingOne 2005/02": {"profile": "pingone", "trust_versions": ["2005"]},
    "PingOne's older document": {"profile": "pingone", "mex": "mex", "trust_versions": ["1.3", "2005"]},
    "AD FS, both": {"profile": "adfs"},
    "AD FS 1.3": {"profile": "adfs", "trust_versions": ["1.3"]},
    "AD FS 2005/02": {"profile": "adfs", "trust_versions": ["2005"]},
}


class Routed(HTTPAdapter):
    """Dials where the lab says, with name and certificate check of the host that was meant."""

    def __init__(self, routes: tuple[Connect, ...]) -> None:
        super().__init__()
        self._routes = {item.host: item for item in routes if item.port == 443}

    def build_connection_pool_key_attributes(self, request: Any, *rest: Any) -> Any:  # noqa: ANN401
        host, pool = super().build_connection_pool_key_attributes(request, *rest)
        route = self._routes[host["host"]]
        request.headers["Host"] = host["host"]
        return (
            {**host, "host": route.address, "port": route.to_port},
            {**pool, "server_hostname": host["host"], "assert_hostname": host["host"]},
        )


@pytest.fixture(scope="module")
def domain() -> Iterator[Domain]:
    folder = Path(tempfile.mkdtemp(prefix="hj-"))  # short: samba's sockets live below it
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STATE_VARIABLE, str(folder))
        with ProcessBackend().start(load_lab_file(DEFAULT_LAB)) as running:
            yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def lab(domain: Domain) -> Iterator[Lab]:
    with Lab(load_lab_file(DEFAULT_LAB), backend=SharedDomain(domain)) as running:
        yield running


def password_of(site: Site, name: str) -> str:
    person = site.person(name)
    assert person is not None
    return person.password_file.read_text("utf-8").strip()


def signed_in(site: Site, name: str, password: str, *, scope: str = SCOPE) -> Mapping[str, Any]:
    """Ask MSAL for a token, with a new application each time: it keeps a service's 500 for a minute."""
    with requests.Session() as session, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the password flow, which is what is tried here
        session.verify = str(site.entra.ca_file)
        session.trust_env = False
        session.mount("https://", Routed(site.connect))
        application = msal.PublicClientApplication(
            AZURE_CLI, authority=f"{site.entra.login_url}/{site.entra.tenant_name}", http_client=session
        )
        found = application.acquire_token_by_username_password(f"{name}@hybridjoin.test", password, [scope])
        assert isinstance(found, dict)
        if "access_token" in found:
            assert [item["username"] for item in application.get_accounts()] == [f"{name}@hybridjoin.test"]
        return found


@pytest.mark.parametrize("settings", SITES.values(), ids=SITES)
def test_a_person_is_signed_in(lab: Lab, settings: Mapping[str, object]) -> None:
    with lab.site(idp=settings) as site:
        found = signed_in(site, "carol", password_of(site, "carol"))

    assert found.get("error_description") is None
    assert found["token_type"] == "Bearer"
    assert SCOPE in found["scope"].split()
    assert found["id_token_claims"]["preferred_username"] == "carol@hybridjoin.test"
    assert found["id_token_claims"]["tid"] == site.entra.tenant_id


def test_the_token_says_who_signed_in_how_and_for_what(lab: Lab) -> None:
    with lab.site(idp={"profile": "adfs"}) as site:
        found = signed_in(site, "carol", password_of(site, "carol"))
        again = signed_in(site, "carol", password_of(site, "carol"))

    claims = verify(found["access_token"], process_authority().token_key.public_key())
    assert (claims["amr"], claims["aud"]) == (["pwd"], USER_RESOURCES["https://graph.microsoft.com"])
    assert (claims["upn"], claims["oid"]) == ("carol@hybridjoin.test", found["id_token_claims"]["oid"])
    assert found["id_token_claims"]["oid"] == again["id_token_claims"]["oid"]


@pytest.mark.parametrize("settings", [SITES["PingOne 1.3"], SITES["AD FS 2005/02"]], ids=["1.3", "2005/02"])
@pytest.mark.parametrize(
    ("name", "suffix"),
    [("carol", "x"), ("dave", ""), ("nobody", "")],
    ids=["a wrong password", "a disabled account", "a name that nobody has"],
)
def test_who_is_not_known_by_name_and_password_is_not_signed_in(
    lab: Lab, settings: Mapping[str, object], name: str, suffix: str
) -> None:
    """One answer for all three: what is wrong with an account is no business of a caller's."""
    with lab.site(idp=settings) as site:
        password = password_of(site, "carol" if name == "nobody" else name) + suffix
        with pytest.raises(RuntimeError, match="FailedAuthentication") as refused:
            signed_in(site, name, password)

    assert "The name or the password is wrong." in str(refused.value)
    assert password not in str(refused.value)


def test_a_person_without_a_source_anchor_gets_no_token(lab: Lab) -> None:
    """PingOne's subject mapping has no value; AD FS sends objectGUID, which is what Entra Connect exported too."""
    with lab.site(idp={"profile": "pingone"}) as site, pytest.raises(RuntimeError, match="RequestFailed"):
        signed_in(site, "alice", password_of(site, "alice"))
    with lab.site(idp={"profile": "adfs"}) as site:
        assert "access_token" in signed_in(site, "alice", password_of(site, "alice"))


def test_entra_refuses_who_was_not_synced(lab: Lab) -> None:
    with lab.site(idp={"profile": "adfs"}, entra={"connect": {"exclude": ["carol"]}}) as site:
        found = signed_in(site, "carol", password_of(site, "carol"))

    assert found["error"] == "invalid_grant"
    assert found["error_codes"] == [51004]


def test_entra_refuses_a_scope_of_an_unknown_resource(lab: Lab) -> None:
    with lab.site(idp={"profile": "adfs"}) as site:
        found = signed_in(site, "carol", password_of(site, "carol"), scope="https://nowhere.test/.default")

    assert found["error_codes"] == [500011]

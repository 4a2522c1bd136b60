"""What an Entra double was not told is a mistake of the site file; what it was told is held against the forest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.errors import UsageError
from hybridjoin.model.site import Site, TenantDouble
from hybridjoin.protocol.scp import Scp
from hybridjoin.run.tenant_named import demand_the_tenant_named
from tests.checks.evidence_factory import healthy
from tests.device import documents
from tests.device.script import SITE

OTHER_ID = "00000000-3b5a-4c7d-9e0f-1a2b3c4d5e6f"
NAME = documents.TENANT_NAME


def site(*domains: str, tenant_id: str = documents.TENANT_ID) -> Site:
    double = TenantDouble(domains=domains, domain_place="a.site.yaml:9:1", tenant_id_place="a.site.yaml:8:1")
    return replace(SITE, entra=replace(SITE.entra, tenant_id=tenant_id, double=double))


def found(name: str = NAME, tenant_id: str = documents.TENANT_ID, *, client_side: bool = False) -> Scp:
    return Scp(tenant_name=name, tenant_id=tenant_id, client_side=client_side)


@pytest.mark.parametrize(
    ("place", "scp"),
    [
        (site(NAME), found()),
        (site(NAME), found(NAME.upper(), documents.TENANT_ID.upper())),
        (site(NAME, "x.onmicrosoft.com"), found("x.onmicrosoft.com")),
        (site("other.example"), found(client_side=True)),
        (site("other.example"), None),
        (SITE, found("anything.example", OTHER_ID)),
    ],
    ids=["known", "in any case", "managed", "from the registry", "never read", "a real tenant"],
)
def test_what_the_double_knows_goes_on(place: Site, scp: Scp | None) -> None:
    demand_the_tenant_named(place, replace(healthy(), scp=scp))
    demand_the_tenant_named(place, None)


@pytest.mark.parametrize(
    ("scp", "places", "hint"),
    [
        (found("a.example"), ["9:1"], "write entra.double.domain: a.example, or correct the service connection point"),
        (
            found("a.onmicrosoft.com"),
            ["9:1"],
            "a tenant's initial domain is managed; write entra.tenant_name: a.onmicrosoft.com and "
            f"entra.double.domain: {NAME}, or correct the service connection point",
        ),
        (found(tenant_id=OTHER_ID), ["8:1"], "write it as entra.tenant_id, or correct the service connection point"),
        (found("a.example", OTHER_ID), ["9:1", "8:1"], "write entra.double.domain: a.example, or correct the service"),
    ],
    ids=["name", "initial name", "id", "both"],
)
def test_what_it_does_not_know_is_told_at_its_line(scp: Scp, places: list[str], hint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        demand_the_tenant_named(site(NAME), replace(healthy(), scp=scp))

    assert [item.place for item in refusal.value.mistakes] == [f"a.site.yaml:{place}" for place in places]
    assert refusal.value.mistakes[0].hint.startswith(hint)

"""Site adapters: recognised by their addresses, and every row about a requirement that there is."""

from __future__ import annotations

import pytest

from hybridjoin.checks.rules import BOOK
from hybridjoin.model.verdict import Level
from hybridjoin.scenario.site.adapter import Adapter, find_adapter, load_adapters, recognise

APPLICATION = "4f1c9b52-6a0d-4c1e-8f5e-2b7d9a3e6c18"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"https://sts.example.com/wsf/mex13/{APPLICATION}", "pingone"),
        (f"https://auth.pingone.example/wsf/mex/{APPLICATION}", "pingone"),
        (f"https://sts.example.com/applications/{APPLICATION}", "pingone"),
        ("https://sso.example.com:9031/pf/sts_mex.ping?PartnerSpId=urn:federation:MicrosoftOnline", "pingfederate"),
        ("https://sts.example.com/adfs/services/trust/mex", "adfs"),
        ("http://sts.example.com/adfs/services/trust", "adfs"),
        ("https://acme.okta.com/app/office365/exk1/sso/wsfed/active", "okta"),
        ("https://acme.kerberos.okta.com/app/office365/exk1/sso/wsfed/active", "okta"),
        ("https://sso.jumpcloud.com/wsfed/1234", "jumpcloud"),
    ],
)
def test_an_adapter_is_recognised_by_an_address(url: str, name: str) -> None:
    found = recognise([url])

    assert found is not None
    assert (found[0].name, found[1]) == (name, url)


@pytest.mark.parametrize("url", ["https://sts.example.com/metadata", "https://okta.com.example.org/", "not a URL"])
def test_nobody_is_recognised_by_an_address_of_somebody_else(url: str) -> None:
    assert recognise([url]) is None


def test_the_first_address_decides() -> None:
    urls = ["https://nobody.example", "https://sts.example.com/adfs/services/trust/mex", "https://acme.okta.com/"]

    found = recognise(urls)

    assert found is not None
    assert found[0].name == "adfs"


@pytest.mark.parametrize("adapter", load_adapters(), ids=lambda item: item.name)
def test_an_adapter_speaks_of_requirements_that_there_are_and_names_its_sources(adapter: Adapter) -> None:
    ids = {item.id for item in BOOK}
    named = [
        *(row.requirement for row in adapter.deviations),
        *(row.requirement for row in adapter.levels),
        *(r for item in adapter.quirks for r in item.requirements),
    ]

    assert named
    assert [item for item in named if item not in ids] == []
    sources = [*(item.source for item in adapter.quirks), *(item.source for item in adapter.endpoints)]
    assert all([*sources, *(item.source for item in adapter.deviations), *(item.source for item in adapter.levels)])


def test_a_product_changes_levels_and_says_why_and_a_level_that_it_does_not_change_is_no_row() -> None:
    pingone = find_adapter("PingOne")
    levels = {item.id: item.level for item in BOOK}

    assert pingone is not None
    assert find_adapter("nobody") is None
    changed = {item.requirement: item.level for item in pingone.levels}
    assert changed == {"NEG-12": Level.SHOULD, "MEX-06": Level.SHOULD}
    rows = [(item.requirement, item.level) for adapter in load_adapters() for item in adapter.levels]
    assert [name for name, level in rows if levels[name] is level] == []
    told = pingone.level_of("NEG-12")
    assert told is not None
    assert "constant" in told.reason

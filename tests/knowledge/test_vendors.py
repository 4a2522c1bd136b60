"""Whose identity provider it is, and which fixes its operator is told."""

from __future__ import annotations

import pytest

from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis, Fact
from hybridjoin.knowledge.article import Fix
from hybridjoin.knowledge.vendors import fixes_for, vendor_of


def fact(key: str, value: str, basis: Basis = bases.GRAPH) -> Fact:
    about, _, name = key.partition(".")
    return Fact(about=about, name=name, value=value, file="a.txt", line=1, basis=basis)


MEX = "federation.metadata_exchange_uri"
SHOWN = {
    "AD FS": (fact(MEX, "https://sts.contoso.example/adfs/services/trust/mex"), "AD FS"),
    "PingOne": (fact(MEX, "https://auth.pingone.eu/1/wsf/mex13/2"), "PingOne"),
    "PingOne behind a name of the house": (fact(MEX, "https://login.contoso.example/1/wsf/mex13/2"), "PingOne"),
    "PingFederate": (fact("federation.active_sign_in_uri", "https://sso.contoso.example/idp/sts.wst"), "PingFederate"),
    "a log of PingFederate's": (fact("idp.event", "SSO", bases.PINGFEDERATE), "PingFederate"),
    "a log of AD FS'": (fact("idp.event", "500", bases.ADFS), "AD FS"),
    "somebody": (fact(MEX, "https://login.contoso.example/trust/mex"), ""),
}


@pytest.mark.parametrize(("seen", "vendor"), SHOWN.values(), ids=SHOWN)
def test_the_product_is_known_by_its_addresses_or_its_logs(seen: Fact, vendor: str) -> None:
    assert vendor_of(FactView((fact("tenant.id", "1"), seen))) == vendor


def test_an_operator_is_told_what_can_be_done_there_and_everybody_everything() -> None:
    ours, theirs, entra = (
        Fix(words="a", vendor="PingOne"),
        Fix(words="b", vendor="AD FS"),
        Fix(words="c", vendor="Entra"),
    )

    assert fixes_for((ours, theirs, entra), "PingOne") == (ours, entra)
    assert fixes_for((ours, theirs, entra), "") == (ours, theirs, entra)
    assert fixes_for((theirs,), "PingOne") == (theirs,)  # another console's words are more than none

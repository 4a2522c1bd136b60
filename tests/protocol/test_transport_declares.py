"""Where a prefix is declared: of no meaning to XML, and of all meaning to a client that reads names by the letter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.protocol.policy import transport_declares
from tests.protocol.metadata import NAMESPACES, USERNAME_13, WINDOWS_13, metadata

OWN = f'<sp:TransportBinding xmlns:sp="{NAMESPACES["sp"]}">'


@pytest.mark.parametrize(
    ("start", "declared"),
    [
        (OWN, True),
        (OWN.replace('"', "'"), True),
        (f'{OWN[:-1]} other="&gt;">', True),
        ("<sp:TransportBinding>", False),
        ("<sp:TransportBinding other=' xmlns:sp=\"x\"'>", False),
    ],
    ids=["its own", "in apostrophes", "beside another attribute", "further up", "as a value alone"],
)
def test_a_declaration_counts_in_the_start_tag_itself(start: str, declared: bool) -> None:
    assertions = USERNAME_13.assertions.replace(OWN, start)
    body = metadata((replace(USERNAME_13, assertions=assertions),))

    assert transport_declares(body, "Username13_policy", "sp") is declared


def test_each_policy_is_asked_for_itself() -> None:
    inherited = replace(USERNAME_13, assertions=USERNAME_13.assertions.replace(OWN, "<sp:TransportBinding>"))
    body = metadata((WINDOWS_13, inherited))

    assert transport_declares(body, "Windows13_policy", "sp")
    assert not transport_declares(body, "Username13_policy", "sp")
    assert not transport_declares(body, "nowhere", "sp")

"""How claims are read to the letter, and what an admitted token says of its bearer."""

from __future__ import annotations

import base64

import pytest

from hybridjoin.doubles.entra.judge import DeviceSubject, UserSubject, judge
from tests.doubles.entra import forge
from tests.doubles.entra.bench import GRANT, case, fired
from tests.doubles.entra.forge import GOOD


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(str(forge.WS01), id="GUID text"),
        pytest.param(f"{{{forge.WS01}}}", id="braces"),
        pytest.param(forge.WS01.hex, id="hex"),
        pytest.param(base64.b64encode(str(forge.WS01).encode()).decode(), id="base64 of the text"),
        pytest.param("UUEMXKriXkOYeql655jERA", id="no padding"),
        pytest.param("bxFP8oBuXUKCNgmAPaffvg", id="no padding, another"),
        pytest.param("L-Kifssxl0yJ6xtFAar-QA==", id="URL-safe alphabet"),
        pytest.param("", id="empty"),
    ],
)
def test_a_guid_in_any_other_encoding_is_none(value: str) -> None:
    assert fired(case(GOOD.claim(forge.OBJECT_GUID, value))) == "onpremobjectguid-format"


@pytest.mark.parametrize(
    "value",
    ["WS01$", "S-1-5-21-1-2-3", "S-1-5-18", "s-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1001 ", "S-1-5-21-01-2-3-4", ""],
)
def test_a_sid_in_any_other_form_is_none(value: str) -> None:
    assert fired(case(GOOD.claim(forge.PRIMARY_SID, value))) == "primarysid-format"


@pytest.mark.parametrize("value", ["dj", "Dj", "DJ ", "Computer", "User", ""])
def test_only_exactly_dj_is_a_device(value: str) -> None:
    assert fired(case(GOOD.claim(forge.ACCOUNT_TYPE, value))) == "accounttype-value"


def test_a_users_token_signs_the_user_in_but_speaks_of_no_device() -> None:
    anchor = forge.guid64(forge.ALICE)
    verdict = judge(case(GOOD.claim(forge.ACCOUNT_TYPE).claim(forge.IMMUTABLE_ID, anchor).but(subject=anchor)))

    assert isinstance(verdict, UserSubject)
    assert verdict.user.upn == "alice@hybridjoin.test"


def test_the_devices_guid_and_sid_are_taken_from_the_claims() -> None:
    verdict = judge(case())

    assert verdict == DeviceSubject(
        object_guid=forge.WS01,
        sid=forge.WS01_SID,
        realm=forge.ISSUER,
        in_corp=True,
        client_id=GRANT["client_id"],
    )


def test_issuerid_names_the_realm_in_the_issuers_place() -> None:
    verdict = judge(case(GOOD.also(forge.ISSUER_ID, forge.OTHER_ISSUER)))

    assert isinstance(verdict, DeviceSubject)
    assert verdict.realm == forge.OTHER_ISSUER


def test_a_comment_inside_a_value_does_not_split_it() -> None:
    xml = GOOD.claim(forge.ACCOUNT_TYPE, "DJ").xml().replace(b">DJ<", b">D<!-- -->J<")

    assert fired(case(base64.b64encode(xml).decode())) == ""


def test_a_signed_assertion_moved_into_a_forged_one_is_refused() -> None:
    outer = GOOD.but(assertion_id="_outer", signed_by=None).claim(forge.OBJECT_GUID, forge.guid64(forge.WS02)).tree()
    inner = GOOD.sign(GOOD.tree())
    signature = inner.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert signature is not None
    outer.append(signature)
    outer.append(inner)

    assert fired(case(forge.encode(outer))) == "assertion-nested"

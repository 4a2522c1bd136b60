"""Every rule of the token endpoint fires on an input meant for it, and on no other."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from string import Formatter
from typing import Any

import pytest
import xmlsec

from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.judge import CHECKS, DeviceSubject, Refusal, UserSubject, judge
from hybridjoin.doubles.entra.rules import BLIND_SPOTS, RULES, BlindSpot, Certainty
from hybridjoin.doubles.entra.tenant import Snapshot, Tenant
from tests.doubles.entra import forge
from tests.doubles.entra.bench import GRANT, TENANT, case, fired, tenant
from tests.doubles.entra.conftest import Install
from tests.doubles.entra.forge import GOOD, NOON, Forgery

CLIENT = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
ELSEWHERE = "http://schemas.example.test/claims"
BIG_ENDIAN = base64.b64encode(forge.WS01.bytes).decode()
SHARED = tenant(domains=[forge.domain("hybridjoin.test", forge.ISSUER), forge.domain("second.test", forge.ISSUER)])


def twice() -> Case:
    good = case()
    return Case(tenant=TENANT, addressed="common", form={**good.form, "scope": ("openid", "openid")}, now=NOON)


def text(document: str) -> str:
    return base64.b64encode(document.encode()).decode()


def tampered() -> str:
    return base64.b64encode(GOOD.xml().replace(b">DJ<", b">DJ <")).decode()


def nested() -> Case:
    root = GOOD.tree()
    root.append(GOOD.but(assertion_id="_inner").tree())
    return case(forge.encode(GOOD.sign(root)))


def signed_twice() -> Case:
    return case(forge.encode(GOOD.sign(GOOD.sign(GOOD.tree()))))


def with_an_object() -> str:
    signed = GOOD.xml().decode()
    return text(signed.replace("</ds:Signature>", "<ds:Object/></ds:Signature>"))


def without_subject() -> Forgery:
    return GOOD.but(with_subject=False)


PERSON = GOOD.but(
    claims=((forge.IMMUTABLE_ID, (forge.guid64(forge.ALICE),)), (forge.UPN, ("alice@hybridjoin.test",))),
    subject=forge.guid64(forge.ALICE),
)


def sign_in(
    assertion: Forgery = PERSON, *, at: Tenant = TENANT, policies: bool = False, **parameters: str | None
) -> Case:
    """A person's token asked for at the v2.0 endpoint, as MSAL asks for it."""
    wanted = {"client_id": CLIENT, "resource": None, "scope": "openid User.Read"}
    form = {**wanted, **parameters, "grant_type": GRANT["grant_type"], "assertion": assertion.encoded()}
    whole = {name: (value,) for name, value in form.items() if value}
    return Case(tenant=at, addressed="common", form=whole, now=NOON, v2=True, policies=policies)


FACTOR_TOLD = PERSON.also(
    ("http://schemas.microsoft.com/claims", "authnmethodsreferences"),
    "http://schemas.microsoft.com/claims/multipleauthn",
)


def with_factors(behavior: str) -> Tenant:
    """The tenant with a policy that wants a second factor, and a word on whose."""
    domains = tuple(replace(item, mfa_behavior=behavior) for item in TENANT.config.domains)
    made = Tenant(replace(TENANT.config, require_mfa=True, domains=domains), lambda: Snapshot(users=TENANT.users))
    made.sync()
    return made


def with_alice(**changes: Any) -> Tenant:  # noqa: ANN401 - any field of any type
    """The tenant with another Alice than the one that was synced."""
    alice = replace(TENANT.users[0], **changes)
    made = Tenant(TENANT.config, lambda: Snapshot(users=(alice,)))
    made.sync()
    return made


BREAKERS: Mapping[str, Callable[[], Case]] = {
    "tenant-unknown": lambda: case(addressed="contoso.test"),
    "parameter-repeated": twice,
    "grant-type-missing": lambda: case(grant_type=None),
    "grant-type-password": lambda: case(grant_type="password"),
    "grant-type-saml-2.0": lambda: case(grant_type="urn:ietf:params:oauth:grant-type:saml2-bearer"),
    "grant-type-unsupported": lambda: case(grant_type="authorization_code"),
    "client-id-missing": lambda: case(client_id=None),
    "client-unknown": lambda: case(client_id="00000000-0000-0000-0000-000000000001"),
    "resource-missing": lambda: case(resource=None),
    "scope-missing": lambda: sign_in(scope=None),
    "scopes-incompatible": lambda: sign_in(scope="User.Read https://management.azure.com/user_impersonation"),
    "resource-unknown": lambda: sign_in(scope="https://nowhere.test/.default"),
    "assertion-missing": lambda: case(None),
    "assertion-not-base64": lambda: case("<saml:Assertion/>"),
    "assertion-too-large": lambda: case(text("<a>" + "x" * 300_000 + "</a>")),
    "assertion-not-xml": lambda: case(text("no markup here")),
    "assertion-with-doctype": lambda: case(text("<!DOCTYPE a [<!ENTITY b 'c'>]>" + GOOD.xml().decode())),
    "assertion-not-saml": lambda: case(text("<samlp:Response xmlns:samlp='urn:oasis:names:tc:SAML:1.0:protocol'/>")),
    "assertion-saml-2.0": lambda: case(text("<Assertion xmlns='urn:oasis:names:tc:SAML:2.0:assertion'/>")),
    "assertion-version": lambda: case(GOOD.but(minor="0")),
    "assertion-incomplete": lambda: case(GOOD.but(issue_instant="yesterday")),
    "assertion-nested": nested,
    "subject-missing": lambda: case(without_subject()),
    "subject-confirmation": lambda: case(GOOD.but(confirmation="urn:oasis:names:tc:SAML:1.0:cm:holder-of-key")),
    "issuerid-several": lambda: case(GOOD.also(forge.ISSUER_ID, forge.ISSUER, forge.OTHER_ISSUER)),
    "issuer-unknown": lambda: case(GOOD.but(issuer=f"{forge.ISSUER}/")),
    "issuerid-unknown": lambda: case(GOOD.also(forge.ISSUER_ID, "http://hybridjoin.test/adfs/services/trust/")),
    "issuerid-missing": lambda: case(at=SHARED),
    "issuer-not-federated": lambda: case(GOOD.but(issuer="https://gone.test/")),
    "signature-missing": lambda: case(GOOD.but(signed_by=None)),
    "signature-several": signed_twice,
    "signature-form": lambda: case(with_an_object()),
    "signing-key-unknown": lambda: case(GOOD.but(signed_by="stranger", certificate=forge.certificate("stranger"))),
    "signature-algorithm": lambda: case(
        GOOD.but(
            transforms=(
                xmlsec.constants.TransformEnveloped,
                xmlsec.constants.TransformExclC14NWithComments,
            )
        )
    ),
    "signature-reference": lambda: case(GOOD.but(reference="")),
    "signature-wrong": lambda: case(tampered()),
    "conditions-missing": lambda: case(GOOD.but(not_on_or_after=None)),
    "not-yet-valid": lambda: case(now=NOON - timedelta(seconds=303)),
    "expired": lambda: case(now=NOON + timedelta(hours=1, seconds=298)),
    "audience-missing": lambda: case(GOOD.but(audiences=())),
    "audience-wrong": lambda: case(GOOD.but(audiences=(("urn:federation:SomebodyElse",),))),
    "immutableid-missing": lambda: case(GOOD.claim(forge.ACCOUNT_TYPE).claim(forge.IMMUTABLE_ID).but(subject=None)),
    "user-not-synced": lambda: sign_in(PERSON.claim(forge.IMMUTABLE_ID, forge.guid64(forge.WS02)).but(subject=None)),
    "user-of-another-domain": lambda: sign_in(at=with_alice(upn="alice@else.test")),
    "user-disabled": lambda: sign_in(at=with_alice(enabled=False)),
    "second-factor-not-told": lambda: sign_in(at=with_factors("enforceMfaByFederatedIdp"), policies=True),
    "second-factor-by-policy": lambda: sign_in(FACTOR_TOLD, at=with_factors("rejectMfaByFederatedIdp"), policies=True),
    "accounttype-namespace": lambda: case(GOOD.renamed(forge.ACCOUNT_TYPE, (ELSEWHERE, "accounttype"))),
    "accounttype-missing": lambda: case(GOOD.claim(forge.ACCOUNT_TYPE)),
    "accounttype-several": lambda: case(GOOD.also(forge.ACCOUNT_TYPE, "DJ")),
    "accounttype-value": lambda: case(GOOD.claim(forge.ACCOUNT_TYPE, "dj")),
    "onpremobjectguid-namespace": lambda: case(GOOD.renamed(forge.OBJECT_GUID, (ELSEWHERE, "onpremobjectguid"))),
    "onpremobjectguid-missing": lambda: case(GOOD.claim(forge.OBJECT_GUID)),
    "onpremobjectguid-several": lambda: case(GOOD.claim(forge.OBJECT_GUID, *[forge.guid64(forge.WS01)] * 2)),
    "onpremobjectguid-format": lambda: case(GOOD.claim(forge.OBJECT_GUID, str(forge.WS01))),
    "primarysid-namespace": lambda: case(GOOD.renamed(forge.PRIMARY_SID, (ELSEWHERE, "primarysid"))),
    "primarysid-missing": lambda: case(GOOD.claim(forge.PRIMARY_SID)),
    "primarysid-several": lambda: case(GOOD.claim(forge.PRIMARY_SID, forge.WS01_SID, forge.WS02_SID)),
    "primarysid-format": lambda: case(GOOD.claim(forge.PRIMARY_SID, "AQUAAAAAAAUVAAAA")),
    "primarysid-of-a-user": lambda: case(GOOD.claim(forge.PRIMARY_SID, forge.ALICE_SID)),
    "primarysid-of-another": lambda: case(GOOD.claim(forge.PRIMARY_SID, forge.WS02_SID)),
    "onpremobjectguid-of-another": lambda: case(GOOD.claim(forge.OBJECT_GUID, BIG_ENDIAN)),
    "immutableid-mismatch": lambda: case(GOOD.claim(forge.IMMUTABLE_ID, forge.guid64(forge.WS02))),
}

PASSING: Mapping[str, Callable[[], Case]] = {
    "the good one": case,
    "addressed by tenant id": lambda: case(addressed=forge.TENANT_ID.upper()),
    "addressed by a domain": lambda: case(addressed="Second.Test"),
    "resource by application id": lambda: case(resource="01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9"),
    "base64url without padding": lambda: case(base64.urlsafe_b64encode(GOOD.xml()).decode().rstrip("=")),
    "signed with the next certificate": lambda: case(GOOD.but(signed_by="next", certificate=forge.certificate("next"))),
    "no KeyInfo": lambda: case(GOOD.but(certificate=None)),
    "issuerid of another domain": lambda: case(GOOD.also(forge.ISSUER_ID, forge.OTHER_ISSUER)),
    "issuerid where the domains share the issuer": lambda: case(GOOD.also(forge.ISSUER_ID, forge.ISSUER), at=SHARED),
    "ImmutableID in the other namespace": lambda: case(GOOD.renamed(forge.IMMUTABLE_ID, forge.IMMUTABLE_ID_XMLSOAP)),
    "four minutes early": lambda: case(now=NOON - timedelta(minutes=4)),
    "four minutes late": lambda: case(now=NOON + timedelta(hours=1, minutes=4)),
    "a person at v2.0": sign_in,
    "a person of whom no policy is asked": lambda: sign_in(at=with_factors("enforceMfaByFederatedIdp")),
    "a second factor where the IdP's is enforced": lambda: sign_in(
        FACTOR_TOLD, at=with_factors("enforceMfaByFederatedIdp"), policies=True
    ),
    "a second factor where the IdP's is accepted": lambda: sign_in(
        FACTOR_TOLD, at=with_factors("acceptIfMfaDoneByFederatedIdp"), policies=True
    ),
    "a device, of which no second factor is wanted": lambda: case(at=with_factors("enforceMfaByFederatedIdp")),
    "a person whose domain lies below": lambda: sign_in(at=with_alice(upn="alice@sales.hybridjoin.test")),
    "a person at v1": lambda: case(PERSON, resource="https://graph.windows.net", client_id=CLIENT),
    "a device at v2.0": lambda: sign_in(
        GOOD, scope="urn:ms-drs:enterpriseregistration.windows.net/.default", client_id=GRANT["client_id"]
    ),
    "no SubjectConfirmation, as of the first AD FS and SimpleSAMLphp": lambda: case(GOOD.but(confirmation=None)),
    "several audiences": lambda: case(GOOD.but(audiences=(("urn:other", "urn:federation:MicrosoftOnline"),))),
}

BLIND: Mapping[str, Callable[[], Case]] = {
    "device-not-synced": lambda: case(
        GOOD.claim(forge.OBJECT_GUID, base64.b64encode(forge.WS04.bytes).decode())
        .claim(forge.PRIMARY_SID, forge.WS04_SID)
        .claim(forge.IMMUTABLE_ID)
    ),
    "immutableid-absent": lambda: case(GOOD.renamed(forge.IMMUTABLE_ID, (ELSEWHERE, "ImmutableID"))),
    "subject-value": lambda: case(GOOD.but(subject="nobody@hybridjoin.test", subject_format="urn:none")),
    "upn": lambda: case(GOOD.claim(forge.UPN, "somebody@else.test")),
    "authentication-method": lambda: case(GOOD),  # the forged assertion has no AuthenticationStatement at all
    "signature-sha1": lambda: case(GOOD.but(sha1=True)),
    "signing-certificate-expired": lambda: case(
        GOOD.but(signed_by="old", certificate=forge.certificate("old", days=-3600)),
        at=tenant(
            domains=[
                forge.domain(
                    "hybridjoin.test",
                    forge.ISSUER,
                    signing_certificate=base64.b64encode(forge.certificate("old", days=-3600)).decode(),
                )
            ]
        ),
    ),
    "anchor-as-object-guid": lambda: case(GOOD.claim(forge.OBJECT_GUID, forge.guid64(forge.WS01_CONSISTENCY))),
    "immutableid-object-guid": lambda: case(GOOD.claim(forge.IMMUTABLE_ID, forge.guid64(forge.WS01))),
    "assertion-replayed": case,
    "user-accounttype": lambda: sign_in(PERSON.also(forge.ACCOUNT_TYPE, "DJ")),
}


@pytest.mark.parametrize("rule_id", BREAKERS)
def test_a_rule_fires_on_the_input_meant_for_it(rule_id: str) -> None:
    assert fired(BREAKERS[rule_id]()) == rule_id


@pytest.mark.parametrize("name", PASSING)
def test_no_rule_fires_on_a_good_request(name: str) -> None:
    assert fired(PASSING[name]()) == ""


@pytest.mark.parametrize("spot", BLIND)
def test_what_entra_cannot_see_is_let_pass(spot: str) -> None:
    wanted = UserSubject if spot.startswith("user-") else DeviceSubject

    assert isinstance(judge(BLIND[spot]()), wanted)


def test_every_rule_has_a_check_and_a_breaking_input_and_every_blind_spot_an_input() -> None:
    ids = [rule.id for rule in RULES]

    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert set(CHECKS) == set(ids)
    assert list(BREAKERS) == ids
    assert set(BLIND) == {spot.id for spot in BLIND_SPOTS}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_where_it_is_known_from(rule: object) -> None:
    found = next(item for item in RULES if item is rule)

    assert found.trigger.endswith(".")
    assert found.source
    assert found.symbol
    assert found.certainty is not Certainty.ASSUMED or found.reasoning


@pytest.mark.parametrize("spot", BLIND_SPOTS, ids=lambda spot: spot.id)
def test_a_blind_spot_says_how_sure_it_is(spot: BlindSpot) -> None:
    assert spot.reason
    assert spot.certainty is Certainty.ASSUMED or "no public source" not in spot.source


def test_a_wrong_but_well_formed_id_is_believed_and_that_is_only_assumed_of_entra() -> None:
    spot = next(item for item in BLIND_SPOTS if item.id == "device-not-synced")

    assert spot.certainty is Certainty.ASSUMED
    assert "3.1.5.1.1.3" in spot.source
    assert "second object" in spot.reason


def test_every_message_can_be_filled_in() -> None:
    for rule_id, make in BREAKERS.items():
        verdict = judge(make())
        assert isinstance(verdict, Refusal)
        names = {name for _, name, _, _ in Formatter().parse(verdict.rule.message) if name}
        assert names <= set(verdict.fields), rule_id
        assert "{}" not in verdict.description


def test_what_the_vendor_documents_is_marked_so() -> None:
    documented = {rule.id for rule in RULES if rule.certainty is Certainty.DOCUMENTED and rule.code == 51004}

    assert documented == {
        f"{claim}-{mistake}"
        for claim in ("accounttype", "onpremobjectguid", "primarysid")
        for mistake in ("missing", "namespace")
    }


@pytest.mark.parametrize(
    ("forged", "rule"),
    [(GOOD.claim(forge.ACCOUNT_TYPE, "dj"), "accounttype-value"), (GOOD.claim(forge.ACCOUNT_TYPE), "")],
    ids=["assumed", "documented"],
)
def test_a_refusal_says_whether_it_is_only_assumed_of_entra(install: Install, forged: Forgery, rule: str) -> None:
    client, _ = install()
    reply = client.token(forged)

    assert reply.json()["error_codes"] == [51004]
    assert reply.headers.get("x-hybridjoin-assumed-rule", "") == rule

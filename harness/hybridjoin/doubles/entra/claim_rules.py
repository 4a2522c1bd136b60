"""The rules about a device's claims, in the order they are checked, and what Entra cannot see."""

from __future__ import annotations

from hybridjoin.doubles.entra.rule import HOW_IT_WORKS, MANUAL, PINGONE, Area, BlindSpot, Certainty, Rule

ACCOUNT_TYPE = ("http://schemas.microsoft.com/ws/2012/01", "accounttype")
OBJECT_GUID = ("http://schemas.microsoft.com/identity/claims", "onpremobjectguid")
PRIMARY_SID = ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "primarysid")
ISSUER_ID = ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "issuerid")
IN_CORP = ("http://schemas.microsoft.com/ws/2012/01", "insidecorporatenetwork")
IMMUTABLE_IDS = (
    ("http://schemas.microsoft.com/LiveID/Federation/2008/05", "ImmutableID"),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims", "ImmutableID"),
)
DEVICE = "DJ"

_AS_USER = (
    "Without a device's claims Entra takes the token for a user's, looks its ImmutableID up among the users and "
    "finds none."
)
_VALUES = f"{PINGONE}: a join fails when attributes, values or formats are not the required ones"


def _refusal(rule_id: str, trigger: str, certainty: Certainty, source: str, reasoning: str) -> Rule:
    return Rule(
        id=rule_id,
        area=Area.CLAIMS,
        trigger=trigger,
        code=51004,
        symbol="UserAccountNotInDirectory",
        message=(
            "The user account {{EUII Hidden}} does not exist in the {tenant_id} directory. To sign into this "
            "application, the account must be added to the directory."
        ),
        source=source,
        certainty=certainty,
        reasoning=reasoning,
    )


def _documented(rule_id: str, trigger: str) -> Rule:
    return _refusal(rule_id, trigger, Certainty.DOCUMENTED, PINGONE, _AS_USER)


def _assumed(rule_id: str, trigger: str, reasoning: str, source: str = _VALUES) -> Rule:
    return _refusal(rule_id, trigger, Certainty.ASSUMED, source, reasoning)


CLAIM_RULES: tuple[Rule, ...] = (
    _documented("accounttype-namespace", f"accounttype is there, but not in the namespace {ACCOUNT_TYPE[0]}."),
    _documented("accounttype-missing", "There is no accounttype, under that very spelling."),
    _assumed(
        "accounttype-several",
        "accounttype has more than one value, in one attribute or in two.",
        f"The claim is read as one value; several do not make it exactly DJ. {_AS_USER}",
    ),
    _assumed(
        "accounttype-value",
        "accounttype is not exactly DJ: another case, User, Computer.",
        f"The manual gives the literal DJ and compares nothing without regard to case. {_AS_USER}",
        MANUAL,
    ),
    _documented("onpremobjectguid-namespace", f"onpremobjectguid is not in the namespace {OBJECT_GUID[0]}."),
    _documented("onpremobjectguid-missing", "There is no onpremobjectguid, under that very spelling."),
    _assumed(
        "onpremobjectguid-several",
        "onpremobjectguid has more than one value, in one attribute or in two.",
        "A device has one object; the code is that of a missing claim.",
    ),
    _assumed(
        "onpremobjectguid-format",
        "onpremobjectguid is not standard base64 of 16 bytes: GUID text, hex, braces, base64url, no padding.",
        "MS-DVRJ requires base64 of the binary GUID, and .NET's decoder refuses base64url and missing padding; the "
        "code is that of a missing claim.",
    ),
    _documented("primarysid-namespace", f"primarysid is not in the namespace {PRIMARY_SID[0]}."),
    _documented("primarysid-missing", "There is no primarysid, under that very spelling."),
    _assumed(
        "primarysid-several",
        "primarysid has more than one value, in one attribute or in two.",
        "A computer has one SID; the code is that of a missing claim.",
    ),
    _assumed(
        "primarysid-format",
        "primarysid is not the text of a domain account's SID, S-1-5-21-a-b-c-rid.",
        "Seen as the raw or base64 SID where an LDAP attribute is not declared binary; the code is that of a missing "
        "claim.",
    ),
    _assumed(
        "primarysid-of-a-user",
        "primarysid is the SID of a user whom Entra Connect has synced.",
        "Entra holds every synced user's onPremisesSecurityIdentifier, so it can know; that it looks is assumed.",
        HOW_IT_WORKS,
    ),
    _assumed(
        "primarysid-of-another",
        "onpremobjectguid names a synced device and primarysid is not that device's SID.",
        "Entra Connect has synced the device with its SID, so the two can be compared; that they are is assumed.",
        HOW_IT_WORKS,
    ),
    _assumed(
        "onpremobjectguid-of-another",
        "primarysid is a synced device's SID and onpremobjectguid names neither its objectGUID nor its source anchor.",
        "This is how big-endian bytes of the GUID come to light, for they are a well-formed GUID of nobody; only for "
        "a device that Entra Connect has synced, and assumed.",
        HOW_IT_WORKS,
    ),
    _assumed(
        "immutableid-mismatch",
        "An ImmutableID, in either namespace, is neither the source anchor of the synced device nor its objectGUID.",
        "An ImmutableID that matches no object is reported to give 51004 for users; for devices it is assumed.",
        f"{MANUAL}; support.okta.com on AADSTS51004",
    ),
)

BLIND_SPOTS: tuple[BlindSpot, ...] = (
    BlindSpot(
        id="device-not-synced",
        sentence="The device is not known to Entra Connect: onpremobjectguid and primarysid are believed as they come.",
        reason="A federated join creates the device object itself, so a wrong but well-formed GUID or SID cannot be "
        "told from a right one. The on-premises service looks the device up by the claim, and creates it where it "
        "is not there; of Entra's the same is assumed. The next synchronization then makes a second object of the true "
        "id.",
        source=f"[MS-DVRJ] 3.1.5.1.1.3 (on-premises); {HOW_IT_WORKS}; {MANUAL}",
    ),
    BlindSpot(
        id="immutableid-absent",
        sentence="ImmutableID is missing, or stands in a namespace that Entra does not read.",
        reason="The manual asks for it only where it is issued for users, and Entra cannot know that of a device.",
        certainty=Certainty.DOCUMENTED,
        source=MANUAL,
    ),
    BlindSpot(
        id="subject-value",
        sentence="The Subject's NameIdentifier is missing or not the anchor, or has another Format.",
        reason="The manual's minimum for a device does not name it; both formats are documented to be accepted.",
        source=f"{MANUAL}; {PINGONE}",
    ),
    BlindSpot(
        id="upn",
        sentence="UPN is missing, wrong, or in another namespace.",
        reason="Entra does not use it to match a device.",
        certainty=Certainty.OBSERVED,
        source="AADInternals, New-AADIntSAMLToken",
    ),
    BlindSpot(
        id="authentication-method",
        sentence="The token does not say that Windows integrated authentication was used.",
        reason="Known to matter for users with conditional access only.",
    ),
    BlindSpot(
        id="signature-sha1",
        sentence="The assertion is signed with SHA-1.",
        reason="Entra Connect sets SHA-256; whether Entra still takes SHA-1 is not known.",
    ),
    BlindSpot(
        id="signing-certificate-expired",
        sentence="The signing certificate's validity has ended, but it is still the registered one.",
        reason="The registered key decides; whether its dates do is not known.",
    ),
    BlindSpot(
        id="anchor-as-object-guid",
        sentence="onpremobjectguid carries the device's source anchor (mS-DS-ConsistencyGuid) instead of objectGUID.",
        certainty=Certainty.DOCUMENTED,
        source=PINGONE,
        reason="PingOne documents exactly this mapping and shows the same device id after both kinds of join, so the "
        "double finds the synced device by its anchor; the device id stays the object's own.",
    ),
    BlindSpot(
        id="immutableid-object-guid",
        sentence="ImmutableID carries objectGUID while Entra Connect's anchor is mS-DS-ConsistencyGuid.",
        certainty=Certainty.DOCUMENTED,
        source=MANUAL,
        reason="The manual's own rule issues objectGUID as a computer's ImmutableID, whatever the anchor of users is.",
    ),
    BlindSpot(
        id="assertion-replayed",
        sentence="The same assertion is presented twice.",
        reason="No replay protection at the token endpoint is documented.",
    ),
)

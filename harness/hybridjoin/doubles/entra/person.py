"""A person who has a device registered: whose token it is, what the token is good for, and why it is refused."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import IntEnum

from hybridjoin.doubles.entra.device_policy import EVERYBODY, DevicePolicy
from hybridjoin.doubles.entra.errors import JoinRefused
from hybridjoin.doubles.entra.join_rules import DVRJ, JoinRule
from hybridjoin.doubles.entra.rule import Certainty
from hybridjoin.doubles.entra.tokens import Claims

AZURE_AD, WORKPLACE = "AzureAd", "Workplace"
_AUTHORIZATION = "AuthorizationError"
_POLICY = "https://learn.microsoft.com/graph/api/resources/deviceregistrationpolicy"
_SEEN = "MicrosoftDocs/windows-itpro-docs, issue 4737; himmelblau-idm/himmelblau, issue 1050"
_DVRE = "[MS-DVRE] Device Registration Enrollment Protocol, 4.1.3"
_TYPE = "Seen beside 801c0003, which is Windows' number for AuthorizationError; that the JSON says so is inferred."


class JoinType(IntEnum):
    """What a token may be shown for; a person's is good for the first two."""

    JOINED = 0
    REGISTERED = 4
    HYBRID = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose access token it is: the object's id in the cloud, and the user principal name."""

    object_id: uuid.UUID
    upn: str

    @property
    def name(self) -> str:
        """The part before the @."""
        return self.upn.partition("@")[0].lower()


def _rule(rule_id: str, trigger: str, message: str, source: str, certainty: Certainty, reasoning: str) -> JoinRule:
    return JoinRule(
        id=rule_id, trigger=trigger, error_type=_AUTHORIZATION, message=message, source=source, certainty=certainty,
        federated=False, synchronized=False, reasoning=reasoning,
    )  # fmt: skip


PERSON_RULES: tuple[JoinRule, ...] = (
    JoinRule(
        id="person-hybrid-join", trigger="A person's access token asks for JoinType 6.",
        error_type="AuthenticationError", message="The enrollment request type (DomainJoin) is not allowed.",
        source=DVRJ, certainty=Certainty.DOCUMENTED, federated=False, synchronized=False,
        reasoning="The specification's own example, for a token whose account type is not DJ.",
    ),
    _rule(
        "person-may-not-join", "A person joins a device (JoinType 0), and azureADJoin allows others or nobody.",
        "Administrator policy does not allow user {upn} to device join.", f"{_POLICY}; {_SEEN}", Certainty.OBSERVED,
        _TYPE,
    ),
    _rule(
        "person-may-not-register",
        "A person registers a device (JoinType 4), and azureADRegistration allows others or nobody.",
        "Administrator policy does not allow user {upn} to device register.", _POLICY, Certainty.ASSUMED,
        f"The setting is documented; type and text follow those of the join. {_TYPE}",
    ),
    _rule(
        "person-device-quota", "The person has as many devices already as userDeviceQuota lets one have.",
        "User '{upn}' is not eligible to enroll a device of type 'Windows'. Reason 'DeviceCapReached'.",
        f"{_POLICY}; {_DVRE}", Certainty.ASSUMED,
        "Type and reason are documented for the enrolment by SOAP, and OOBE shows 801c0003 then; the JSON is not.",
    ),
)  # fmt: skip
"""Why a person's registration is refused, in the order of checking; before them stand the rules about any token."""
_RULES = {rule.id: rule for rule in PERSON_RULES}


def person_of(claims: Claims) -> Person | None:
    """Return the person of verified claims; None where they are a device's, or nobody's."""
    object_id, upn = claims.get("oid"), claims.get("upn")
    if claims.get("account_type") == "DJ" or not object_id or not upn:
        return None
    return Person(object_id=uuid.UUID(str(object_id)), upn=str(upn))


def check_right(policy: DevicePolicy, person: Person, join_type: JoinType, *, has: int) -> None:
    """Refuse what a person may not do; `has` is how many devices the person has registered at this double.

    Raises:
        JoinRefused: with the first rule that fires.
    """
    fires = {
        "person-hybrid-join": join_type is JoinType.HYBRID,
        "person-may-not-join": join_type is JoinType.JOINED and not _allowed(policy.may_join, person),
        "person-may-not-register": join_type is JoinType.REGISTERED and not _allowed(policy.may_register, person),
        "person-device-quota": policy.already + has >= policy.quota,
    }
    for rule in PERSON_RULES:
        if fires[rule.id]:
            raise JoinRefused(_RULES[rule.id], upn=person.upn)


def _allowed(names: tuple[str, ...], person: Person) -> bool:
    return names == EVERYBODY or person.name in names

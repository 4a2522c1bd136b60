"""The `expect:` section of a scenario file as pydantic models."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, model_validator

from hybridjoin.scenario.yaml.fields import Aadsts, HResult, Line, PhaseName, StepName, Strict, Trust

Result = Literal["federated", "synchronized", "failed"]
SignedIn = Literal["signed-in", "not-signed-in"]
Left = Literal["left", "not-left"]
Registered = Literal["registered", "no-first-logon", "not-registered"]
OutcomeName = Literal["passed", "warning", "review", "failed", "skipped"]
ClaimState = Literal["ok", "missing", "absent", "wrong", "wrong-namespace", "wrong-value", "duplicate", "review"]
CLAIM_STATES: Final[Mapping[ClaimState, str]] = MappingProxyType(
    {
        "ok": "It stands in its namespace, once, with the value that the directory has.",
        "missing": "It is not there, and the join needs it.",
        "absent": "It is not there, whether the join needs it or not.",
        "wrong": "Something is wrong with it, whatever that is.",
        "wrong-namespace": "It came in another namespace.",
        "wrong-value": "It came with a value that is not the directory's.",
        "duplicate": "It came with more values than one.",
        "review": "One document asks for its value and another forbids it.",
    }
)
VERDICTS: Final[Mapping[OutcomeName, str]] = MappingProxyType(
    {
        "passed": "The requirement was kept.",
        "warning": "A SHOULD was not kept.",
        "review": "What was found is for a person to judge.",
        "failed": "A MUST was not kept.",
        "skipped": "Nothing in this flow could tell.",
    }
)


def _claim_expectation(value: object) -> object:
    return {"is": value} if isinstance(value, str) else value


class ClaimExpectationModel(Strict):
    """What must be said of one claim of the assertion."""

    is_: ClaimState | None = Field(
        default=None, alias="is", description="How it came; the word alone in the mapping's place says the same."
    )
    namespace: str | None = Field(default=None, description="The AttributeNamespace that it came with.")
    equals: str | list[str] | None = Field(
        default=None, description="Its value, or all of them; with variables, as ${device.objectGUID | base64guid}."
    )
    mistake: Line | None = Field(
        default=None, description="Words of the named mistake that was made; `hybridjoin list mistakes` has them all."
    )

    @model_validator(mode="after")
    def _something(self) -> ClaimExpectationModel:
        if not self.model_fields_set:
            raise ValueError("expected one of is, namespace, equals, mistake; found nothing")
        return self


ClaimExpected = Annotated[
    ClaimExpectationModel,
    BeforeValidator(_claim_expectation, json_schema_input_type=ClaimState | ClaimExpectationModel),
]


class FallbackModel(Strict):
    """What must become of the synchronized join that was tried instead."""

    step: StepName | None = Field(default=None, description="The step at which it failed.")
    code: HResult | None = Field(default=None, description="A code that Windows shows for it, as 0x801c03f2.")
    reason: Line | None = Field(default=None, description="Words of the sentence that says why.")


class ExpectModel(Strict):
    """What must come of the flow."""

    join: Result | None = Field(
        default=None, description="How the join ends; federated also expects that no other requirement is broken."
    )
    sign_in: SignedIn | None = Field(
        default=None, description="How the sign-in ends, in a flow that signs a person in."
    )
    leave: Left | None = Field(default=None, description="How the leave ends, in a flow that removes a registration.")
    registration: Registered | None = Field(
        default=None, description="How a registration by a person ends, and the first logon after it."
    )
    phase: PhaseName | None = Field(default=None, description="The Error Phase that Windows shows.")
    step: StepName | None = Field(default=None, description="The step at which it failed; `hybridjoin list steps`.")
    reason: Line | None = Field(default=None, description="Words of the sentence that says why it failed.")
    code: HResult | None = Field(default=None, description="A code that Windows shows, as 0xcaa20003.")
    aadsts: Aadsts | None = Field(
        default=None, description="The error of Entra's token endpoint, as 51004; `hybridjoin list aadsts`."
    )
    fault: Line | None = Field(default=None, description="The subcode of the SOAP fault that the IdP answered with.")
    kerberos: Line | None = Field(
        default=None,
        description="The name of the Kerberos error, as KDC_ERR_S_PRINCIPAL_UNKNOWN; `hybridjoin list kerberos`.",
    )
    http_status: int | None = Field(
        default=None, ge=100, le=599, description="The HTTP status of the step that failed, or of the last one."
    )
    server_message: Line | None = Field(default=None, description="Words of the peer's own message.")
    heard: Line | None = Field(
        default=None,
        description="Words that the KDC or the lab's identity provider has noted of it, where something is dialled, or "
        "Entra of the device objects that a cycle of Entra Connect or a synchronized join changed.",
    )
    attempts: int | None = Field(default=None, ge=1, description="After how many attempts it ended, with `retries`.")
    trust: Trust | None = Field(default=None, description="The WS-Trust version of the endpoint that was chosen.")
    ticket_etype: Line | None = Field(
        default=None, description="The encryption type of the service ticket, as aes256-cts-hmac-sha1-96."
    )
    ticket_kvno: int | None = Field(
        default=None, ge=1, description="The version of the service's key that the ticket is encrypted with."
    )
    fallback: FallbackModel | None = Field(
        default=None, description="How the synchronized join failed that was tried instead."
    )
    claims: dict[str, ClaimExpected] = Field(
        default_factory=dict, description="What is said of claims of the assertion, by name; `hybridjoin list claims`."
    )
    verdicts: dict[str, OutcomeName] = Field(
        default_factory=dict,
        description="Verdicts by requirement, as `CLAIM-01: failed`; `hybridjoin list requirements`.",
    )
    other_verdicts: Literal["passed", "any"] | None = Field(
        default=None, description="Whether requirements that `verdicts` does not name may be broken: any lifts that."
    )
    screen: list[Line] = Field(
        default_factory=list, description="Lines that dsregcmd prints, the debug transcript and the status alike."
    )

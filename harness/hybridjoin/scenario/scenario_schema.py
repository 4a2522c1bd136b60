"""The scenario file as pydantic models: unknown keys refused, types strict, shorthands written out.

The models only read files; what leaves this room are the dataclasses of `scenario.py`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.scenario.scenario import Settings
from hybridjoin.scenario.yaml.fields import (
    Aadsts,
    Duration,
    FlowName,
    HResult,
    Id,
    Line,
    PhaseName,
    StepName,
    Strict,
    Trust,
    UserAgent,
)

Result = Literal["federated", "synchronized", "failed"]
SignedIn = Literal["signed-in", "not-signed-in"]
OutcomeName = Literal["passed", "warning", "review", "failed", "skipped"]
ClaimState = Literal["ok", "missing", "absent", "wrong", "wrong-namespace", "wrong-value", "duplicate", "review"]


def _fault(value: object) -> object:
    if isinstance(value, str):
        return {"name": value}
    if isinstance(value, dict) and len(value) == 1:
        ((name, options),) = value.items()
        if isinstance(options, dict):
            return {"name": name, "options": options}
    raise ValueError("expected the name of a fault, or the name with its options as 'name: {option: value}'")


def _claim_change(value: object) -> object:
    if value == "drop":
        return {"drop": True}
    if not isinstance(value, dict):
        raise ValueError(f"expected 'drop' or a mapping of what is changed, found '{value}'")  # noqa: TRY004 - pydantic's
    return value


def _claim_expectation(value: object) -> object:
    return {"is": value} if isinstance(value, str) else value


class ScpModel(Strict):
    """The registry's own service connection point."""

    tenant_name: Line
    tenant_id: Line


class DeviceModel(Strict):
    """Which computer of the lab joins, and its habits."""

    name: Line = "WS01"
    fallback: bool | None = None
    trust: Trust | None = None
    rst_shape: Literal["windows", "msal"] | None = None
    client_side_scp: ScpModel | None = None
    kerberos_time_sync: bool | None = None
    mutual_authentication: bool | None = None
    timeout: Duration | None = None
    windows: Literal["10-22h2", "11-24h2"] | None = None
    user_agent: UserAgent | None = None


class UserModel(Strict):
    """Who signs in by name and password; the password is the account's own, or on purpose a wrong one."""

    name: Line
    password: Literal["right", "wrong"] = "right"


class ClaimChangeModel(Strict):
    """What the IdP does with one attribute of its profile; `value` and `values` are its mapping's expressions."""

    drop: bool = False
    duplicate: bool = False
    name: Line | None = None
    namespace: str | None = None
    value: str | None = None
    values: list[str] | None = None

    @model_validator(mode="after")
    def _one_value(self) -> ClaimChangeModel:
        if self.value is not None and self.values is not None:
            raise ValueError("expected either 'value' or 'values', found both")
        if not self.model_fields_set:
            raise ValueError(
                "expected what is changed: drop, duplicate, name, namespace, value or values; found nothing"
            )
        return self


class ExtraClaimModel(Strict):
    """An attribute that the profile does not have."""

    name: Line
    namespace: str
    value: str | None = None
    values: list[str] | None = None

    @model_validator(mode="after")
    def _a_value(self) -> ExtraClaimModel:
        if (self.value is None) == (self.values is None):
            raise ValueError("expected one of 'value' and 'values'")
        return self


class SubjectModel(Strict):
    """The Subject's NameIdentifier."""

    value: str | None = Field(default=None, serialization_alias="expression")
    format: str | None = None


class FaultModel(Strict):
    """A named misbehaviour with its options; written as `name`, or as `name: {option: value}`."""

    name: Line
    options: dict[str, Any] = Field(default_factory=dict)


Fault = Annotated[FaultModel, BeforeValidator(_fault, json_schema_input_type=str | dict[str, dict[str, Any]])]
ClaimChange = Annotated[
    ClaimChangeModel, BeforeValidator(_claim_change, json_schema_input_type=Literal["drop"] | ClaimChangeModel)
]


class DoubleModel(Strict):
    """How a double is set up; the double reads each field under the field's own name, or its serialization alias."""

    def settings(self) -> Settings:
        """Return what is written as the double reads it; nothing that is not bent stands in it."""
        written = self.model_dump(by_alias=True, exclude_defaults=True)
        return {key: value for key, value in written.items() if value not in ({}, [])}


class IdpModel(DoubleModel):
    """How the lab's identity provider is set up for this scenario."""

    profile: Literal["pingone", "adfs"] | None = None
    host: Line | None = Field(default=None, serialization_alias="service_host")
    mex: Literal["mex", "mex13"] | None = None
    mex_wrapper: Literal["bare", "metadata", "soap"] | None = None
    trust_versions: list[Trust] | None = Field(default=None, min_length=1)
    issuer: Line | None = None
    issuer_id: Line | None = None
    audience: Line | None = None
    lifetime: Duration | None = Field(default=None, serialization_alias="lifetime_s")
    authentication_method: Line | None = None
    accept_rc4: bool | None = None
    external_id: Literal["mS-DS-ConsistencyGuid", "objectGUID"] | None = None
    claims: dict[str, ClaimChange] = Field(default_factory=dict)
    extra_claims: list[ExtraClaimModel] = Field(default_factory=list)
    subject: SubjectModel | None = None
    faults: list[Fault] = Field(default_factory=list)


class ConnectModel(Strict):
    """What Entra Connect leaves out."""

    exclude: list[Line]


class DomainModel(Strict):
    """What Entra believes of the federated domain, where it differs from the truth."""

    authentication: Literal["Federated", "Managed"] | None = None
    issuer_uri: Line | None = None
    metadata_exchange_uri: Line | None = None


class EntraModel(DoubleModel):
    """How the Entra double is set up for this scenario."""

    source_anchor: Literal["mS-DS-ConsistencyGuid", "objectGUID", "auto"] | None = None
    domain: DomainModel | None = None
    connect: ConnectModel | None = None
    faults: list[Fault] = Field(default_factory=list)


class ClockModel(Strict):
    """Whose clock is wrong, and by how much; `+6m` is six minutes ahead of everyone else."""

    device: Duration


class ClaimExpectationModel(Strict):
    """What must be said of one claim of the assertion."""

    is_: ClaimState | None = Field(default=None, alias="is")
    namespace: str | None = None
    equals: str | list[str] | None = None
    mistake: Line | None = None

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

    step: StepName | None = None
    code: HResult | None = None
    reason: Line | None = None


class ExpectModel(Strict):
    """What must come of the flow."""

    join: Result | None = None
    sign_in: SignedIn | None = None
    phase: PhaseName | None = None
    step: StepName | None = None
    reason: Line | None = None
    code: HResult | None = None
    aadsts: Aadsts | None = None
    fault: Line | None = None
    kerberos: Line | None = None
    http_status: int | None = Field(default=None, ge=100, le=599)
    server_message: Line | None = None
    trust: Trust | None = None
    ticket_etype: Line | None = None
    fallback: FallbackModel | None = None
    claims: dict[str, ClaimExpected] = Field(default_factory=dict)
    verdicts: dict[str, OutcomeName] = Field(default_factory=dict)
    other_verdicts: Literal["passed", "any"] | None = None
    screen: list[Line] = Field(default_factory=list)


class ScenarioModel(Strict):
    """A scenario: what is bent, and what must come of it."""

    id: Id
    title: Line
    tags: list[Line] = Field(default_factory=list)
    extends: str | None = None
    matrix: dict[str, Any] | None = None
    lab: Line | None = None
    site: Line | None = None
    flow: FlowName = HYBRID_JOIN.name
    device: DeviceModel = Field(default_factory=DeviceModel)
    user: UserModel | None = None
    idp: IdpModel = Field(default_factory=IdpModel)
    entra: EntraModel = Field(default_factory=EntraModel)
    clock: ClockModel | None = None
    expect: ExpectModel

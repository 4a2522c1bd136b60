"""The scenario file as pydantic models: unknown keys refused, types strict, shorthands written out.

The models only read files; what leaves this room are the dataclasses of `scenario.py`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.scenario.bridge_schema import BridgeModel, RegisteredApplicationModel
from hybridjoin.scenario.browser_schema import BrowserDomainModel, BrowserEntraModel, BrowserIdpModel
from hybridjoin.scenario.caller_schema import DeviceModel, UserModel
from hybridjoin.scenario.expect_schema import ExpectModel
from hybridjoin.scenario.registration_schema import DevicePolicyModel, RegistrationModel
from hybridjoin.scenario.scenario import Settings
from hybridjoin.scenario.time_schema import ClockModel, RetriesModel
from hybridjoin.scenario.yaml.fields import Duration, FlowName, Id, Line, Strict, Trust

_EXPRESSION = (
    "An expression of the mapping: an attribute such as user.objectSid, or a text in its own quotation marks, '\"DJ\"'."
)


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


class ClaimChangeModel(Strict):
    """What the IdP does with one attribute of its profile; `value` and `values` are its mapping's expressions."""

    drop: bool = Field(
        default=False, description="Leave the attribute out; `drop` alone in the mapping's place says the same."
    )
    duplicate: bool = Field(default=False, description="Issue the attribute a second time.")
    name: Line | None = Field(default=None, description="Another AttributeName.")
    namespace: str | None = Field(default=None, description="Another AttributeNamespace.")
    value: str | None = Field(default=None, description=_EXPRESSION)
    values: list[str] | None = Field(default=None, description="Several values, each an expression as in `value`.")

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

    name: Line = Field(description="Its AttributeName.")
    namespace: str = Field(description="Its AttributeNamespace.")
    value: str | None = Field(default=None, description=_EXPRESSION)
    values: list[str] | None = Field(default=None, description="Several values, each an expression as in `value`.")

    @model_validator(mode="after")
    def _a_value(self) -> ExtraClaimModel:
        if (self.value is None) == (self.values is None):
            raise ValueError("expected one of 'value' and 'values'")
        return self


class SubjectModel(Strict):
    """The Subject's NameIdentifier."""

    value: str | None = Field(default=None, serialization_alias="expression", description=_EXPRESSION)
    format: str | None = Field(default=None, description="Its Format; else the profile's.")


class FaultModel(Strict):
    """A named misbehaviour with its options; written as `name`, or as `name: {option: value}`."""

    name: Line = Field(description="One of `hybridjoin list faults`.")
    options: dict[str, Any] = Field(
        default_factory=dict, description="What is chosen about it; else each option's default."
    )


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


class IdpModel(DoubleModel, BrowserIdpModel):
    """How the lab's identity provider is set up for this scenario."""

    profile: Literal["pingone", "adfs", "jumpcloud"] | None = Field(
        default=None,
        description="Whose shapes and claims it imitates: PingOne's, which is the default, AD FS', or JumpCloud's, "
        "which has people alone.",
    )
    host: Line | None = Field(
        default=None, serialization_alias="service_host", description="One of the lab's hosts; else the everyday one."
    )
    mex: Literal["mex", "mex13"] | None = Field(
        default=None, description="Which of PingOne's metadata documents the domain names; mex13 where it is left out."
    )
    mex_wrapper: Literal["bare", "metadata", "soap"] | None = Field(
        default=None, description="What stands around the metadata: nothing, mex:Metadata, or a SOAP envelope."
    )
    trust_versions: list[Trust] | None = Field(
        default=None, min_length=1, description="The WS-Trust versions that it offers; else both."
    )
    issuer: Line | None = Field(
        default=None,
        description="The Issuer that it writes; Entra's settings follow it, unless `entra: domain:` says else.",
    )
    issuer_id: Line | None = Field(default=None, description="Issue the issuerid claim with this value.")
    audience: Line | None = Field(
        default=None, description="The assertion's Audience; else urn:federation:MicrosoftOnline."
    )
    lifetime: Duration | None = Field(
        default=None, serialization_alias="lifetime_s", description="How long its assertions are good for, as 60m."
    )
    authentication_method: Line | None = Field(default=None, description="The AuthenticationMethod that it writes.")
    password_check: Literal["ldap", "kerberos"] | None = Field(
        default=None, description="How it checks a password: by a bind to the directory, or at the KDC; ldap else."
    )
    accept_rc4: bool | None = Field(
        default=None, description="Whether it takes tickets of RC4; the profile's own habit else."
    )
    external_id: Literal["mS-DS-ConsistencyGuid", "objectGUID"] | None = Field(
        default=None, description="The directory attribute that PingOne's External ID is taken from."
    )
    claims: dict[str, ClaimChange] = Field(
        default_factory=dict,
        description="What is changed about attributes of the profile, by `hybridjoin list claims`.",
    )
    extra_claims: list[ExtraClaimModel] = Field(
        default_factory=list, description="Attributes that it issues besides those of the profile."
    )
    subject: SubjectModel | None = Field(default=None, description="What is changed about the Subject.")
    faults: list[Fault] = Field(
        default_factory=list,
        description="Misbehaviours by name, or as `name: {option: value}`; `hybridjoin list faults` has them all.",
    )


class ConnectModel(Strict):
    """What Entra Connect leaves out."""

    exclude: list[Line] = Field(
        default_factory=list, description="Computers and people that are not synchronized, by name."
    )
    deleted: list[Line] = Field(
        default_factory=list,
        description="Computers whose device object was deleted in Entra, by name; the next cycle brings it back.",
    )


class DomainModel(BrowserDomainModel):
    """What Entra believes of the federated domain, where it differs from the truth."""

    authentication: Literal["Federated", "Managed"] | None = Field(
        default=None, description="Whether the domain is federated or managed."
    )
    issuer_uri: Line | None = Field(default=None, description="The issuerUri that is registered for the domain.")
    metadata_exchange_uri: Line | None = Field(
        default=None, description="The metadataExchangeUri that user realm discovery tells."
    )
    seamless: bool | None = Field(
        default=None,
        description="Whether the people of a managed domain have Seamless single sign-on: libraries that name "
        "themselves are then told that it is federated.",
    )


class EntraModel(DoubleModel, BrowserEntraModel):
    """How the Entra double is set up for this scenario."""

    application: RegisteredApplicationModel | None = Field(
        default=None, description="What is bent about the bridge's registration."
    )

    source_anchor: Literal["mS-DS-ConsistencyGuid", "objectGUID", "auto"] | None = Field(
        default=None,
        description="What Entra Connect takes as source anchor; auto: mS-DS-ConsistencyGuid where it is set.",
    )
    staged: list[Line] = Field(
        default_factory=list,
        description="People of a staged roll-out: their realm is managed, the domain stays federated.",
    )
    domain: DomainModel | None = Field(default=None, description="Federation settings that differ from the truth.")
    connect: ConnectModel | None = Field(default=None, description="What Entra Connect does not synchronize.")
    device_policy: DevicePolicyModel | None = Field(
        default=None, description="What people of the tenant may do with devices."
    )
    faults: list[Fault] = Field(
        default_factory=list,
        description="Misbehaviours by name, or as `name: {option: value}`; `hybridjoin list faults` has them all.",
    )


class ScenarioModel(Strict):
    """A scenario: what is bent, and what must come of it."""

    id: Id = Field(description="Its own in the whole collection, and the same in every report.")
    title: Line = Field(description="One sentence that says what is tried and what comes of it.")
    tags: list[Line] = Field(default_factory=list, description="Words to select by; under pytest each is a mark.")
    extends: str | None = Field(
        default=None,
        description="A file whose settings are taken over: mappings are merged, all else is replaced, null takes away.",
    )
    matrix: dict[str, Any] | None = Field(
        default=None,
        description="Several scenarios of one file: axes with their values, written as ${matrix.axis}, or with names "
        "and what each of them changes.",
    )
    lab: Line | None = Field(
        default=None, description="A lab file of its own; else the lab that the run was started with."
    )
    site: Line | None = Field(
        default=None, description="A site file of a place that is already there, instead of a lab."
    )
    flow: FlowName = Field(
        default=HYBRID_JOIN.name, description="What the device does; `hybridjoin list flows` has them."
    )
    device: DeviceModel = Field(default_factory=DeviceModel, description="Which computer it is, and how it behaves.")
    user: UserModel | None = Field(default=None, description="Who signs in, in a flow that signs a person in.")
    bridge: BridgeModel = Field(
        default_factory=BridgeModel, description="How the bridge is set up, in the flow bridge."
    )
    registration: RegistrationModel = Field(
        default_factory=RegistrationModel, description="What a person has the device registered as."
    )
    idp: IdpModel = Field(default_factory=IdpModel, description="What is bent about the lab's identity provider.")
    entra: EntraModel = Field(default_factory=EntraModel, description="What is bent about the Entra double.")
    dial: list[Fault] = Field(
        default_factory=list,
        description="What is bent about the real directory, KDC or network; `hybridjoin list dial` has it all.",
    )
    retries: RetriesModel | None = Field(
        default=None, description="Try again as the scheduled task does; what is expected is said of the last attempt."
    )
    clock: ClockModel | None = Field(default=None, description="Whose clock is wrong.")
    expect: ExpectModel = Field(description="What must come of it; a scenario that expects nothing is refused.")

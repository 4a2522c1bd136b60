"""The gateway file: PingOne's LDAP gateway and its application's mappings, under the names of the platform's API.

What the API answers about a gateway can be put into it as it comes, but for the password of the bind, which has no
business in a file. JSON is YAML too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from hybridjoin.errors import UsageError
from hybridjoin.intake.gateway import GatewaySetup, GatewayUserType, IssuedAttribute, ProfileAttribute
from hybridjoin.scenario.yaml.fields import Line, Strict
from hybridjoin.scenario.yaml.source import Positions, load_yaml
from hybridjoin.scenario.yaml.validate import salvage

SUFFIX: Final = ".gateway.yaml"
_COMPUTERS: Final = ("device", "computer", "hybrid", "machine")


class MappedAttributeModel(Strict):
    """One attribute of the profile, and the LDAP attribute that it comes from."""

    name: Line = Field(description="The attribute of the profile, as `externalId` or, in the console, `External ID`.")
    value: Line = Field(description="The LDAP attribute: `${ldapAttributes.objectSid}`, or its name alone.")


class PopulationModel(Strict):
    """The population that new accounts are put into."""

    id: Line | None = Field(default=None, description="Its id.")
    name: Line | None = Field(default=None, description="Its name.")


class NewUserLookupModel(Strict):
    """How an account that is not known yet is found, and what is kept of it."""

    ldap_filter_pattern: Line = Field(
        alias="ldapFilterPattern", description="The LDAP filter; `${identifier}` stands for the name that was given."
    )
    population: PopulationModel | None = Field(default=None, description="The population that it is put into.")
    attribute_mappings: list[MappedAttributeModel] = Field(
        alias="attributeMappings", default_factory=list, description="What is kept of it."
    )


class UserTypeModel(Strict):
    """One user type: a kind of account, where it is looked for and what is kept of it."""

    id: Line | None = Field(default=None, description="Its id.")
    name: Line = Field(description="Its name.")
    holds: Literal["devices", "users"] | None = Field(
        default=None,
        description="Whether it is for computers or for people; where it is left out, its name and its filter tell.",
    )
    password_authority: Line | None = Field(
        alias="passwordAuthority", default=None, description="Who checks passwords: LDAP or PING_ONE."
    )
    search_base_dn: Line | None = Field(
        alias="searchBaseDn", default=None, description="Where in the directory it is looked for; else everywhere."
    )
    ordered_correlation_attributes: list[Line] = Field(
        alias="orderedCorrelationAttributes",
        default_factory=list,
        description="The lookup attributes, in the order in which an account that is known is recognized by them.",
    )
    allow_password_changes: bool | None = Field(
        alias="allowPasswordChanges", default=None, description="Whether people may change their password there."
    )
    update_user_on_successful_authentication: bool | None = Field(
        alias="updateUserOnSuccessfulAuthentication",
        default=None,
        description="Whether the profile is kept up to date.",
    )
    new_user_lookup: NewUserLookupModel | None = Field(
        alias="newUserLookup", default=None, description="How an account that is not known yet is found."
    )


class IssuedAttributeModel(Strict):
    """One attribute mapping of the Microsoft 365 application."""

    name: Line = Field(description="The attribute of the assertion.")
    name_format: Line | None = Field(
        alias="nameFormat", default=None, description="Its format, which becomes the claim's namespace."
    )
    value: Line = Field(description="The expression, as `user.externalId` or `#string.uuidAsBase64Guid(…)`.")


class ApplicationModel(Strict):
    """The Microsoft 365 application."""

    attribute_mappings: list[IssuedAttributeModel] = Field(
        alias="attributeMappings", default_factory=list, description="Its attribute mappings."
    )


class EntraConnectModel(Strict):
    """What Entra Connect was set to."""

    source_anchor: Line = Field(
        alias="sourceAnchor", description="The AD attribute that identifies synced objects, as mS-DS-ConsistencyGuid."
    )


class GatewayModel(Strict):
    """PingOne's LDAP gateway, the application that issues what it finds, and what Entra Connect was set to."""

    name: Line | None = Field(default=None, description="The gateway's name.")
    user_types: list[UserTypeModel] = Field(alias="userTypes", min_length=1, description="Its user types.")
    application: ApplicationModel | None = Field(
        default=None, description="The Microsoft 365 application, whose mappings are judged where they are here."
    )
    entra_connect: EntraConnectModel | None = Field(
        alias="entraConnect", default=None, description="What Entra Connect was set to, where it is known."
    )


def load_gateway(path: Path, *, name: str | None = None) -> GatewaySetup:
    """Read a gateway file.

    Raises:
        UsageError: it has mistakes; every one is told with its place.
    """
    data, positions = load_yaml(path, name=name)
    model, mistakes = salvage(GatewayModel, data, positions)
    if model is None or mistakes:
        raise UsageError(*mistakes)
    kinds = tuple(_user_type(item, positions.value(("userTypes", at))) for at, item in enumerate(model.user_types))
    issued = model.application.attribute_mappings if model.application else []
    return GatewaySetup(
        place=_file(positions),
        user_types=kinds,
        issued=tuple(
            IssuedAttribute(name=item.name, value=item.value, name_format=item.name_format or "") for item in issued
        ),
        source_anchor=model.entra_connect.source_anchor if model.entra_connect else "",
    )


def _file(positions: Positions) -> str:
    return positions.value(("userTypes",)).rsplit(":", 2)[0]


def _user_type(model: UserTypeModel, place: str) -> GatewayUserType:
    lookup = model.new_user_lookup
    pattern = lookup.ldap_filter_pattern if lookup else ""
    told = f"{model.name} {pattern}".lower()
    devices = model.holds == "devices" if model.holds else any(word in told for word in _COMPUTERS)
    return GatewayUserType(
        name=model.name,
        place=place,
        devices=devices,
        lookup=tuple(model.ordered_correlation_attributes),
        search_base=model.search_base_dn or "",
        filter=pattern,
        attributes=tuple(
            ProfileAttribute(name=item.name, source=_ldap(item.value))
            for item in (lookup.attribute_mappings if lookup else ())
        ),
    )


def _ldap(value: str) -> str:
    return value.strip().removeprefix("${ldapAttributes.").removesuffix("}")

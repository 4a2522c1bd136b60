"""Who comes in a scenario file, as pydantic models: a computer with its habits, or a person."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hybridjoin.scenario.browser_schema import BrowserUserModel
from hybridjoin.scenario.yaml.fields import Duration, Line, Sku, Strict, Trust, UserAgent


class ScpModel(Strict):
    """The registry's own service connection point."""

    tenant_name: Line = Field(description="The domain that it names, as azureADName does.")
    tenant_id: Line = Field(description="The tenant's id, as azureADId.")


class DeviceModel(Strict):
    """Which computer of the lab joins, and its habits."""

    name: Line = Field(default="WS01", description="The computer's name, one of the lab's or the site's.")
    fallback: bool | None = Field(
        default=None, description="Whether it tries the synchronized join where the federated one fails; Windows does."
    )
    trust: Trust | None = Field(
        default=None,
        description="The only WS-Trust version that it speaks, 1.3 or 2005; else whichever Windows chooses.",
    )
    rst_shape: Literal["windows", "msal"] | None = Field(
        default=None, description="Whose RequestSecurityToken it sends: Windows' own, or the one of MSAL."
    )
    client_side_scp: ScpModel | None = Field(
        default=None, description="The service connection point of the registry, which wins over the directory's."
    )
    kerberos_time_sync: bool | None = Field(
        default=None, description="Whether its Kerberos follows the domain controller's clock where its own is off."
    )
    mutual_authentication: bool | None = Field(
        default=None,
        description="Whether it ends a connection to a server that does not prove who it is; Windows goes on.",
    )
    timeout: Duration | None = Field(
        default=None, description="How long it waits for each answer, as 3s; else 20s. The directory has 5s at least."
    )
    windows: Literal["10-22h2", "11-24h2"] | None = Field(
        default=None, description="Which build of Windows it is, and whose screens it prints; 10-22h2 where left out."
    )
    user_agent: UserAgent | None = Field(
        default=None, description="What its token client calls itself; Windows' own name where left out, none for ''."
    )
    shape: Literal["msal-python", "msal-net", "msal-java", "msal-go", "adal-python", "windows"] | None = Field(
        default=None, description="The library whose requests a person sends; msal-python where left out."
    )
    client_sku: Sku | None = Field(
        default=None,
        description="What a library that signs people in names itself to Entra (x-client-SKU), as MSAL.Desktop; none "
        "where left out. The realm of a user may depend on it.",
    )


class UserModel(BrowserUserModel):
    """Who signs in; the password is the account's own, or on purpose a wrong one."""

    name: Line = Field(description="The account's name, alone or as name@domain.")
    password: Literal["right", "wrong"] = Field(
        default="right", description="The account's own password, or on purpose another one."
    )

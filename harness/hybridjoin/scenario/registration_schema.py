"""What a scenario file may say of a device that a person has registered: pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hybridjoin.scenario.yaml.fields import Line, Strict


class RegistrationModel(Strict):
    """What a person has the device registered as, in the flow work-account."""

    join_type: Literal["joined", "registered", "hybrid"] = Field(
        default="joined",
        description="The JoinType: joined (0), as the out-of-box experience has it; registered (4), as Add work "
        "account; hybrid (6), which a person's token is not good for.",
    )
    computer: Line = Field(default="LAPTOP-01", description="The name that the device gives itself.")
    first_logon: bool = Field(
        default=False,
        description="Whether the credential logs its owner on at once, as the out-of-box experience does.",
    )


class DevicePolicyModel(Strict):
    """What people of the tenant may do with devices (deviceRegistrationPolicy); * is everybody, as by default."""

    azure_ad_join: list[Line] | None = Field(
        default=None, description="Who may join devices, by the name before the @; nobody where the list is empty."
    )
    azure_ad_registration: list[Line] | None = Field(default=None, description="Who may register devices, likewise.")
    user_device_quota: int | None = Field(
        default=None, ge=0, description="How many devices each person may have; 50 where left out."
    )
    devices_already: int | None = Field(
        default=None, ge=0, description="How many each of them has beforehand; none where left out."
    )

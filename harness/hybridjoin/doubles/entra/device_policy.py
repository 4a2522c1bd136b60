"""What people of a tenant may do with devices: the settings of Microsoft Graph's deviceRegistrationPolicy.

Who may join devices (JoinType 0), who may register them (JoinType 4), and how many devices each person may have.
"""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.doubles.settings import Reader

DEFAULT_QUOTA = 50
EVERYBODY = ("*",)


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePolicy:
    """What people of the tenant may do with devices; names stand without what comes after the @, `*` for everybody.

    `already` is how many devices each of them has before the double begins.
    """

    may_join: tuple[str, ...] = EVERYBODY
    may_register: tuple[str, ...] = EVERYBODY
    quota: int = DEFAULT_QUOTA
    already: int = 0


def read_policy(reader: Reader) -> DevicePolicy:
    """Read what people may do with devices; its mistakes are noted by the reader."""
    return DevicePolicy(
        may_join=tuple(map(str.lower, reader.texts("azure_ad_join", default=EVERYBODY))),
        may_register=tuple(map(str.lower, reader.texts("azure_ad_registration", default=EVERYBODY))),
        quota=int(reader.number("user_device_quota", default=DEFAULT_QUOTA)),
        already=int(reader.number("devices_already", default=0)),
    )

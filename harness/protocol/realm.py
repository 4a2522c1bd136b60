"""User realm discovery: is the domain federated, and where is its metadata?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRealm:
    """The v1.0 answer; absent members are empty strings."""

    account_type: str
    domain_name: str
    federation_protocol: str
    metadata_url: str
    active_auth_url: str
    cloud_audience_urn: str
    cloud_instance_name: str

    @property
    def federated(self) -> bool:
        """Whether the domain signs in at an IdP of its own."""
        return self.account_type.lower() == "federated"

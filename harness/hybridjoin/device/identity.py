"""Who the device is: its computer account and the key that its directory object vouches for."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A computer account; `user_certificate_key` signs the synchronized join and is None where it was never made."""

    name: str
    user_certificate_key: RSAPrivateKey | None = None

    @property
    def sam_account_name(self) -> str:
        """The account's sAMAccountName, `NAME$`."""
        return f"{self.name}$"

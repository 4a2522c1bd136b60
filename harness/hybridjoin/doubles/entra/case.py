"""One token request on the bench: everything a rule may look at, worked out once and only when asked for."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from hybridjoin.doubles.entra.assertion import Assertion, Defect, UnreadableAssertion, read_assertion
from hybridjoin.doubles.entra.claim_rules import (
    ACCOUNT_TYPE,
    DEVICE,
    IMMUTABLE_IDS,
    ISSUER_ID,
    OBJECT_GUID,
    PRIMARY_SID,
)
from hybridjoin.doubles.entra.config import Domain, EntraConfig
from hybridjoin.doubles.entra.resources import audience_of, is_registration, resource_names
from hybridjoin.doubles.entra.signature import Signature, read_signatures
from hybridjoin.doubles.entra.tenant import Device, SyncedUser, Tenant

_BASE64_SPACE = str.maketrans("", "", " \t\r\n")


class Case:
    """A token request and the tenant it was made to.

    `policies` says that the tenant's policies are asked about it, as where a program shows an assertion itself: a
    browser is led through them, and none is asked where a primary refresh token is issued.

    The assertion's parts may only be asked for once the rules about its form have let it pass.
    """

    def __init__(
        self,
        *,
        tenant: Tenant,
        addressed: str,
        form: Mapping[str, tuple[str, ...]],
        now: datetime,
        v2: bool = False,
        policies: bool = False,
        by_browser: bool = False,
    ) -> None:
        self.tenant = tenant
        self.config: EntraConfig = tenant.config
        self.addressed = addressed
        self.form = form
        self.now = now
        self.v2 = v2
        self.policies = policies
        self._by_browser = by_browser

    def parameter(self, name: str) -> str:
        """Return a form parameter, empty when it is not there."""
        return next(iter(self.form.get(name, ())), "")

    @cached_property
    def resources(self) -> tuple[str, ...]:
        """What the token is asked for: the v1 endpoint's one resource, or those that v2.0 scopes name."""
        if self.v2:
            return resource_names(self.parameter("scope"))
        return (self.parameter("resource"),) if self.parameter("resource") else ()

    @property
    def audience(self) -> str:
        """What a token is for."""
        return audience_of(self.resources[0], v2=self.v2)

    @property
    def for_a_person(self) -> bool:
        """Whether a person's token is asked for: by a browser, or for anything but the device registration service."""
        return self._by_browser or (bool(self.resources) and not self.for_registration)

    @property
    def for_registration(self) -> bool:
        """Whether a token of the device registration service is asked for."""
        return all(is_registration(item) for item in self.resources)

    @cached_property
    def _reading(self) -> Assertion | Defect:
        try:
            return read_assertion(self.parameter("assertion"))
        except UnreadableAssertion as unreadable:
            return unreadable.defect

    @property
    def defect(self) -> Defect | None:
        """Why there is no assertion to read, if so."""
        return self._reading if isinstance(self._reading, Defect) else None

    @property
    def assertion(self) -> Assertion:
        """The assertion.

        Raises:
            LookupError: the request holds none.
        """
        reading = self._reading
        if not isinstance(reading, Assertion):
            raise LookupError(f"there is no assertion to look at: {reading}")  # noqa: TRY004 - a rule out of order
        return reading

    @cached_property
    def signatures(self) -> tuple[Signature, ...]:
        """The assertion's own signatures."""
        return read_signatures(self.assertion)

    @cached_property
    def issuer_ids(self) -> tuple[str, ...]:
        """The values of the issuerid claim."""
        return self.assertion.values(ISSUER_ID)

    @property
    def realm(self) -> str:
        """The realm that the token speaks for: issuerid where it is claimed, else the Issuer."""
        return self.issuer_ids[0] if self.issuer_ids else self.assertion.issuer

    @cached_property
    def domains(self) -> tuple[Domain, ...]:
        """The tenant's domains of that realm."""
        return tuple(domain for domain in self.config.domains if domain.issuer_uri and domain.issuer_uri == self.realm)

    @property
    def registered_certificates(self) -> tuple[bytes, ...]:
        """The certificates that the realm's domains sign with."""
        return tuple(item for domain in self.domains for item in domain.signing_certificates)

    @cached_property
    def account_types(self) -> tuple[str, ...]:
        """The values of accounttype."""
        return self.assertion.values(ACCOUNT_TYPE)

    @property
    def is_device(self) -> bool:
        """Whether the token is a computer's: accounttype is exactly DJ."""
        return self.account_types == (DEVICE,)

    @cached_property
    def object_guids(self) -> tuple[str, ...]:
        """The values of onpremobjectguid."""
        return self.assertion.values(OBJECT_GUID)

    @cached_property
    def sids(self) -> tuple[str, ...]:
        """The values of primarysid."""
        return self.assertion.values(PRIMARY_SID)

    @cached_property
    def object_guid(self) -> uuid.UUID | None:
        """The GUID that onpremobjectguid encodes, or None where it does not encode one."""
        return read_guid(self.object_guids[0]) if self.object_guids else None

    @cached_property
    def immutable_ids(self) -> tuple[str, ...]:
        """The values of ImmutableID in both namespaces."""
        return tuple(value for claim in IMMUTABLE_IDS for value in self.assertion.values(claim))

    @cached_property
    def named(self) -> Device | None:
        """The device object that onpremobjectguid names."""
        return self.tenant.named_by(self.object_guid) if self.object_guid else None

    @cached_property
    def user(self) -> SyncedUser | None:
        """The synced user whom the token would sign in, were it a user's."""
        subjects = (item.name_identifier for item in self.assertion.subjects)
        anchors = (*self.immutable_ids, *(item for item in subjects if item))
        return next((user for user in map(self.tenant.user_by_anchor, anchors) if user), None)


def read_guid(text: str) -> uuid.UUID | None:
    """Decode base64 of 16 bytes in .NET order, as strictly as .NET's own decoder (it skips white space only)."""
    try:
        raw = base64.b64decode(text.translate(_BASE64_SPACE), validate=True)
    except (binascii.Error, ValueError):
        return None
    return uuid.UUID(bytes_le=raw) if len(raw) == 16 else None

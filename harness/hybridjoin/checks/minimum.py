"""The least that one federated domain has to offer, by consumer: what is there, what is missing, whom it hurts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hybridjoin.intake.federation import FederationSettings
from hybridjoin.model.verdict import Certainty
from hybridjoin.protocol.address import split_address
from hybridjoin.protocol.mex import Credential, MexDocument, choose
from hybridjoin.protocol.wsdl import Trust

ASK_METADATA: Final = "--mex URL tells"


class Offer(StrEnum):
    """Whether a domain offers one thing."""

    THERE = "there"
    MISSING = "missing"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainNeed:
    """One thing that a consumer needs, and whether the domain offers it; `detail` says by what that is known."""

    name: str
    offer: Offer
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """Somebody who comes through the domain's doors; `hurts` is what is lost where a need is missing."""

    name: str
    needs: tuple[DomainNeed, ...]
    hurts: str
    source: str
    certainty: Certainty

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the needs that are known to be missing."""
        return tuple(need.name for need in self.needs if need.offer is Offer.MISSING)


Look = Callable[[FederationSettings, MexDocument | None], DomainNeed]


def minimum(settings: FederationSettings, document: MexDocument | None) -> tuple[Consumer, ...]:
    """Return what each consumer needs of a domain, held against its settings and the IdP's metadata where they came."""
    return tuple(
        Consumer(
            name=name,
            needs=tuple(look(settings, document) for look in looks),
            hurts=hurts,
            source=source,
            certainty=certainty,
        )
        for name, looks, hurts, source, certainty in _CONSUMERS
    )


def _setting(name: str, value: str, settings: FederationSettings) -> DomainNeed:
    reason = settings.silence_about(name)
    if reason:
        return DomainNeed(name=name, offer=Offer.UNKNOWN, detail=reason)
    return DomainNeed(name=name, offer=Offer.THERE if value else Offer.MISSING, detail=value or "not set")


def _metadata(settings: FederationSettings, _: MexDocument | None) -> DomainNeed:
    need = _setting("MetadataExchangeUri", settings.metadata_exchange_uri, settings)
    if need.offer is Offer.THERE and split_address(settings.metadata_exchange_uri).scheme.lower() != "https":
        return DomainNeed(name=need.name, offer=Offer.MISSING, detail="no https address")
    return need


def _passive(settings: FederationSettings, _: MexDocument | None) -> DomainNeed:
    return _setting("PassiveSignInUri", settings.passive_sign_in_uri, settings)


def _ws_fed(settings: FederationSettings, _: MexDocument | None) -> DomainNeed:
    said = settings.preferred_authentication_protocol
    need = _setting("PreferredAuthenticationProtocol", said, settings)
    if need.offer is Offer.MISSING:
        return DomainNeed(name=need.name, offer=Offer.UNKNOWN, detail="not set")
    if said and said.lower() != "wsfed":
        return DomainNeed(name="PreferredAuthenticationProtocol wsFed", offer=Offer.MISSING, detail=said)
    return need


def _endpoint(
    settings: FederationSettings, document: MexDocument | None, name: str, versions: tuple[Trust, ...]
) -> DomainNeed:
    """Say whether the metadata offers a kind of endpoint.

    Microsoft names `versions` together; which of them Windows asks for where only one is there is not known, so that
    the other one is not called missing.
    """
    if document is None:
        address = settings.metadata_exchange_uri or settings.silence_about("MetadataExchangeUri")
        return DomainNeed(
            name=name, offer=Offer.UNKNOWN if address else Offer.MISSING, detail=ASK_METADATA if address else ""
        )
    credential = Credential.WINDOWS if name == WINDOWS else Credential.USERNAME
    found = tuple(trust for trust in Trust if choose(document, credential, trust) is not None)
    lacking = ", ".join(trust for trust in versions if trust not in found)
    if found and lacking:
        return DomainNeed(name=f"{name} {lacking}", offer=Offer.UNKNOWN, detail=f"only {found[0]} there")
    return DomainNeed(
        name=name, offer=Offer.THERE if found else Offer.MISSING, detail=", ".join(found) or "not in the metadata"
    )


WINDOWS: Final = "windowstransport"
USERNAME: Final = "usernamemixed"


def _windows(settings: FederationSettings, document: MexDocument | None) -> DomainNeed:
    return _endpoint(settings, document, WINDOWS, ())


def _username(settings: FederationSettings, document: MexDocument | None) -> DomainNeed:
    return _endpoint(settings, document, USERNAME, ())


def _both_usernames(settings: FederationSettings, document: MexDocument | None) -> DomainNeed:
    return _endpoint(settings, document, USERNAME, (Trust.V13, Trust.FEB2005))


_LEARN: Final = "https://learn.microsoft.com/entra/identity/devices"
_PRT: Final = f"{_LEARN}/concept-primary-refresh-token"
_CONSUMERS: Final[tuple[tuple[str, tuple[Look, ...], str, str, Certainty], ...]] = (
    (
        "hybrid join", (_metadata, _ws_fed, _windows),
        "computers of the domain do not join as federated; where they fall back, they wait for Entra Connect",
        f"{_LEARN}/hybrid-join-manual", Certainty.DOCUMENTED,
    ),
    (
        "PRT", (_metadata, _ws_fed, _both_usernames),
        "whoever logs on to a joined computer gets no primary refresh token: no single sign-on, and Conditional "
        "Access takes the device for none",
        _PRT, Certainty.DOCUMENTED,
    ),
    (
        "legacy clients", (_metadata, _ws_fed, _username),
        "clients that sign in by name and password (MSAL, ADAL, old Office, scripts) fail",
        "the libraries' source: MSAL for Python, .NET, Java and Go", Certainty.OBSERVED,
    ),
    (
        "OOBE, work account", (_passive,),
        "a new computer cannot be joined by its user, nor a work account added",
        f"{_LEARN}/device-registration-how-it-works", Certainty.DOCUMENTED,
    ),
    (
        "web", (_passive,), "nobody of the domain signs in in a browser, nor in a modern Office",
        "[MS-MWBF] Microsoft Web Browser Federated Sign-On Protocol", Certainty.DOCUMENTED,
    ),
)  # fmt: skip


def losses(consumers: tuple[Consumer, ...]) -> Iterator[tuple[Consumer, str]]:
    """Yield whom something is missing for, and what."""
    for consumer in consumers:
        if consumer.missing:
            yield consumer, ", ".join(consumer.missing)

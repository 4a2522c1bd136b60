"""Rows of the dial about what stands around the accounts: controllers, the tenant's name, network, TLS, domains."""

from __future__ import annotations

from typing import Final

from hybridjoin.model.dial import shown
from hybridjoin.model.dial.row import BendPlace, DialOption, DialRow, Shown

_OUTAGE: Final = "outage"
_CONTROLLER: Final = "controller"
_POINT: Final = "service connection point"
_NETWORK: Final = "network"
_TLS: Final = "TLS"
_DOMAINS: Final = "domains"
_SEAMLESS: Final = "Seamless single sign-on"

_AT = DialOption(
    name="at",
    type="text",
    default="idp",
    choices=("idp", "entra", "kdc", "directory"),
    sentence="In front of whom the proxy stands.",
)


_STATE = DialOption(
    name="state",
    type="text",
    default="good",
    choices=("good", "key-rolled-over", "rc4-only", "without-name"),
    sentence="What is wrong with the account, if anything.",
)


def _number(name: str, default: int, sentence: str, most: int) -> DialOption:
    return DialOption(name=name, type="integer", default=default, sentence=sentence, least=0, most=most)


def _row(
    name: str,
    area: str,
    place: BendPlace,
    sees: Shown,
    sentence: str,
    error: str = "",
    options: tuple[DialOption, ...] = (),
) -> DialRow:
    return DialRow(name=name, area=area, sentence=sentence, place=place, shown=sees, error=error, options=options)


SURROUNDINGS: Final[tuple[DialRow, ...]] = (
    _row(
        "kdc-down", _OUTAGE, BendPlace.PROXY, shown.NO_KDC,
        "No KDC answers, while the directory does.",
        "KRB5_KDC_UNREACH",
    ),
    _row(
        "ldap-down", _OUTAGE, BendPlace.PROXY, shown.NO_CONTROLLER,
        "The directory does not answer, while the KDC does.",
        "LDAP_SERVER_DOWN",
    ),
    _row(
        "controller-lost-after-metadata", _CONTROLLER, BendPlace.CONTROLLER, shown.NO_TICKET,
        "The domain controller is killed once the metadata is read, before a ticket is asked for.",
        "KRB5_KDC_UNREACH",
    ),
    _row(
        "srv-record-missing", _OUTAGE, BendPlace.KRB5_CONF, shown.NO_CONTROLLER,
        "Nothing names a KDC of the realm, as where the SRV records of the domain are missing.",
        "KRB5_REALM_UNKNOWN",
    ),
    _row(
        "scp-missing", _POINT, BendPlace.FOREST, shown.NO_POINT,
        "The forest has no service connection point.",
    ),
    _row(
        "scp-empty", _POINT, BendPlace.FOREST, shown.NO_POINT,
        "The forest's service connection point has no keywords.",
    ),
    _row(
        "scp-of-two-tenants", _POINT, BendPlace.FOREST, shown.NO_POINT,
        "The forest's service connection point has the keywords of two tenants.",
    ),
    _row(
        "scp-of-another-tenant", _POINT, BendPlace.FOREST, shown.WRONG_TENANT,
        "The forest's service connection point names a tenant that is not ours.",
    ),
    _row(
        "seamless-account", _SEAMLESS, BendPlace.FOREST, shown.SIGNS_IN,
        "The domain is managed, the forest has the account AZUREADSSOACC, and Entra its key of before.",
        options=(_STATE,),
    ),
    _row(
        "latency", _NETWORK, BendPlace.PROXY, shown.JOINED,
        "Every piece that passes comes late.",
        options=(_number("ms", 40, "How late, in milliseconds.", 5000), _AT),
    ),
    _row(
        "jitter", _NETWORK, BendPlace.PROXY, shown.JOINED,
        "Every piece that passes comes late, each by another time; the times are the same in every run.",
        options=(_number("ms", 60, "The longest time, in milliseconds.", 5000), _AT),
    ),
    _row(
        "loss", _NETWORK, BendPlace.PROXY, shown.JOINED,
        "Pieces get lost and are sent again, which costs TCP its retransmission time each.",
        options=(
            _number("percent", 30, "How many of a hundred get lost.", 100),
            _number("again_ms", 200, "After how many milliseconds TCP sends a lost piece again.", 5000),
            _AT,
        ),
    ),
    _row(
        "reset", _NETWORK, BendPlace.PROXY, shown.CUT_OFF,
        "The connection is reset once so many octets of the answer have passed.",
        options=(_number("after", 0, "How many octets of the answer pass before.", 1_000_000), _AT),
    ),
    _row(
        "tls-expired", _TLS, BendPlace.CERTIFICATE, shown.BAD_CERTIFICATE,
        "The identity provider's TLS certificate has expired.",
    ),
    _row(
        "tls-untrusted", _TLS, BendPlace.CERTIFICATE, shown.BAD_CERTIFICATE,
        "The identity provider's TLS certificate comes from an authority that the device does not know.",
    ),
    _row(
        "tls-wrong-name", _TLS, BendPlace.CERTIFICATE, shown.BAD_CERTIFICATE,
        "The identity provider's TLS certificate is good for another name.",
    ),
    _row(
        "tls-rolled", _TLS, BendPlace.CERTIFICATE, shown.JOINED,
        "The identity provider's TLS certificate is replaced by a good one between metadata and token request.",
    ),
    _row(
        "two-domains", _DOMAINS, BendPlace.DOUBLES, shown.JOINED,
        "The tenant has two federated domains at one identity provider, and issuerid says which of them is meant.",
    ),
    _row(
        "two-domains-wrong-issuerid", _DOMAINS, BendPlace.DOUBLES, shown.WRONG_DOMAIN,
        "The tenant has two domains at one identity provider, and issuerid names one that Entra does not know.",
    ),
)  # fmt: skip

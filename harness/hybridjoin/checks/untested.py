"""What we know to be asked of an IdP and do not test: each sentence with its origin and the honest reason."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.checks.sources import SOURCES


@dataclass(frozen=True, slots=True, kw_only=True)
class UntestedSentence:
    """One sentence that no requirement covers."""

    sentence: str
    specification: str
    section: str
    reason: str

    @property
    def url(self) -> str:
        """Where the section can be read, or else the specification."""
        return SOURCES[self.specification].address(self.section)


def _not(source: str, sentence: str, reason: str) -> UntestedSentence:
    specification, _, section = source.partition(" ")
    return UntestedSentence(sentence=sentence, specification=specification, section=section, reason=reason)


UNTESTED: tuple[UntestedSentence, ...] = (
    _not(
        "MS-KILE 3.4.5.3",
        "The acceptor verifies the signatures of the PAC.",
        "Forging a PAC needs the service's own key, which a certification is never given.",
    ),
    _not(
        "MS-KILE 3.1.5.2",
        "The acceptor takes tickets in AES128 as well as in AES256.",
        "The KDC chooses the encryption type by the service account; one site shows one type.",
    ),
    _not(
        "RFC4120 3.2.3",
        "An authenticator outside the clock skew is refused.",
        "libkrb5 writes the time itself, and a site's clocks are not ours to bend; the lab bends the KDC's.",
    ),
    _not(
        "RFC4120 3.2.3",
        "Replays are refused by every node of a cluster, and after a restart.",
        "Which node answers is the load balancer's choice; two probes on one connection reach one node.",
    ),
    _not(
        "RFC4178 5",
        "The mechListMIC is checked where the optimistic mechanism was not the first choice.",
        "Windows' order makes Kerberos both first and optimistic, so that no list is ever renegotiated.",
    ),
    _not(
        "MS-SPNG 3.2.5",
        "An offer that lists NegoEx and NTLM after Kerberos is answered with Kerberos.",
        "The device never offers NTLM, on purpose; Windows lists both behind Kerberos.",
    ),
    _not(
        "MS-N2HT 2.2.2",
        "A session goes on over the authenticated connection without a new ticket, where Persistent-Auth says so.",
        "Every exchange of the device authenticates anew, as the one request of a join does.",
    ),
    _not(
        "RFC9110 4.3.4",
        "The certificate of the endpoint is good for its name, and no redirect leads away from TLS.",
        "Verified on every connection and never switched off: a breach ends the exchange, but has no row of its own.",
    ),
    _not(
        "WST13 4.4.3",
        "A request with Entropy or a proof key gets a fitting proof token.",
        "Windows asks for bearer tokens only; holder-of-key is out of a join's reach.",
    ),
    _not(
        "WST13 5",
        "A token can be renewed, or the request is refused with UnableToRenew.",
        "No client of a hybrid join renews an assertion.",
    ),
    _not(
        "WST13 6, 7",
        "Cancel and Validate are answered, or refused with a fault.",
        "No client of a hybrid join sends them, and Cancel could do harm.",
    ),
    _not(
        "WST13 4.1",
        "A Lifetime that the request asks for is honoured, or the response says which one was given instead.",
        "The clients leave the lifetime to the IdP; the probe is not written.",
    ),
    _not(
        "WST13 8",
        "A request that must be negotiated (SignChallenge, BinaryExchange) is led to its end.",
        "HTTP Negotiate has done the negotiation before the request is read.",
    ),
    _not(
        "WSS11 6.2",
        "A usernamemixed port locks the account out as the directory asks.",
        "A certification sends one wrong password at most unless somebody allows more; guessing would lock people out.",
    ),
    _not(
        "WSS11 10",
        "A Timestamp that lies in the future is refused.",
        "How far ahead is too far is each site's skew; the probe is not written.",
    ),
    _not(
        "WSA10 3.4",
        "A ReplyTo that is not anonymous is refused or answered there.",
        "A token sent to an address that the request names would be a request forgery against a third host.",
    ),
    _not(
        "SAML11 1.2.3",
        "An assertion is never issued twice with one id over the IdP's life.",
        "Two requests are compared (NEG-11); a lifetime is not.",
    ),
    _not(
        "MS-HYBRID Set up issuance of claims",
        "The windowstransport endpoint is reachable from the intranet alone.",
        "The harness stands in one place; from the other side of the firewall it sees nothing.",
    ),
    _not(
        "MS-HYBRID Set up issuance of claims",
        "The certificatemixed endpoint issues tokens to people who sign in.",
        "That is sign-in with a smart card, which the harness does not have; by password it is `hybridjoin sign-in`.",
    ),
    _not(
        "MS-HYBRID Prerequisites",
        "Traffic to Entra's registration and sign-in hosts is excluded from TLS inspection.",
        "Whether something opens TLS between a computer and Entra shows only there; a double's certificate is its own.",
    ),
    _not(
        "MS-HYBRID Prerequisites",
        "An outbound proxy lets the computer account in, for the join runs as SYSTEM.",
        "The device uses no proxy; which one a computer is told, and whom that lets in, is asked on that computer.",
    ),
    _not(
        "PINGONE Kerberos service account and AES encryption",
        "Several gateways, domains and forests are served, and each picks the right one.",
        "A site file names one directory.",
    ),
    _not(
        "MS-RENEW AD FS and Microsoft Entra certificate update steps",
        "A new signing certificate is published before it signs.",
        "It shows only over weeks; two certifications can be compared instead.",
    ),
    _not(
        "RFC9110 10.2.3",
        "An overloaded service says so with 503 and Retry-After.",
        "Certifying puts no load on anybody.",
    ),
)

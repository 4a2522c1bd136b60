"""What has to come of each customer's folder below scenarios/cases: nothing less, and nothing more.

`cause` is the single change that brings the symptom about in a lab, and without which the computer joins; of several
that nothing in the evidence tells apart, the first one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

CASES: Final = Path(__file__).parents[2] / "scenarios" / "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A row: the roads and phases told, the codes, all remarks, all that is asked for, and which requirements break."""

    road: list[str]
    phase: list[str]
    codes: list[str]
    remarks: frozenset[str]
    asked: frozenset[str]
    formats: frozenset[str]
    cause: str
    broken: frozenset[str] = frozenset()


DEBUG: Final = "dsregcmd /join /debug"

CUSTOMERS: Final[dict[str, Customer]] = {
    "aadsts51004-namespace": Customer(
        road=["not joined"],
        phase=["auth"],
        codes=["AADSTS51004, 0xcaa20003"],
        remarks=frozenset({"claims-suspect"}),
        asked=frozenset({"computer"}),
        formats=frozenset({DEBUG, "federation settings", "token response"}),
        cause="accounttype-namespace",
        broken=frozenset({"CLAIM-01"}),
    ),
    "aadsts51004-anchor": Customer(
        road=["not joined"],
        phase=["auth"],
        codes=["AADSTS51004, 0xcaa20003"],
        remarks=frozenset({"claims-suspect"}),
        asked=frozenset({"federation"}),
        formats=frozenset({DEBUG, "LDIF", "HAR"}),
        cause="immutableid-of-text",
        broken=frozenset({"CLAIM-08", "CLAIM-09"}),
    ),
    "aadsts51004-not-synced": Customer(
        road=["not joined"],
        phase=["auth"],
        codes=["AADSTS51004, 0xcaa20003, 0x801c03f2"],
        remarks=frozenset({"claims-suspect", "claim-absent", "device-missing", "no-user-certificate"}),
        asked=frozenset({"assertion", "federation"}),
        formats=frozenset({DEBUG, "DSRegTool", "directory object"}),
        cause="accounttype-missing",
    ),
    "issuer-mismatch": Customer(
        road=["not joined"],
        phase=["auth"],
        codes=["AADSTS50107, 0xcaa20002"],
        remarks=frozenset({"issuer-unknown"}),
        asked=frozenset(),
        formats=frozenset({DEBUG, "federation settings", "token response"}),
        cause="issuer-slash",
        broken=frozenset({"FED-08", "FED-15", "FED-16", "SAML-02"}),
    ),
    "signing-certificate-rolled": Customer(
        road=["not joined"],
        phase=["auth"],
        codes=["AADSTS5000811, 0xcaa20003"],
        remarks=frozenset({"signing-key-unknown"}),
        asked=frozenset(),
        formats=frozenset({DEBUG, "federation settings", "assertion", "event log as XML"}),
        cause="signing-key-unknown",
        broken=frozenset({"FED-10", "FED-11", "FED-17", "SIG-03"}),
    ),
    "mex-instead-of-mex13": Customer(
        road=["not joined"],
        phase=["auth"],
        codes=["0xcaa90022"],
        remarks=frozenset({"mex-not-13", "no-windows-endpoint"}),
        asked=frozenset(),
        formats=frozenset({DEBUG, "federation settings", "WS-Trust metadata"}),
        cause="mex-instead-of-mex13",
        broken=frozenset({"FED-05", "MEX-03", "MEX-04"}),
    ),
    "mex-behind-a-proxy": Customer(
        road=["not joined"],
        phase=["auth", "auth"],
        codes=["0xcaa9002c", "0xcaa9002c"],
        remarks=frozenset({"html-instead", "metadata-not-xml"}),
        asked=frozenset({"federation", "mex"}),
        formats=frozenset({DEBUG, "dsregcmd /status", "HTML page"}),
        cause="mex-is-a-page",
    ),
    "rc4-service-account": Customer(
        road=["not joined"],
        phase=["auth"],
        codes=["0xcaa30191"],
        remarks=frozenset({"idp-refused-ticket", "rc4-ticket"}),
        asked=frozenset({"federation", "mex", "spn"}),
        formats=frozenset({DEBUG, "klist", "keytab listing", "directory object"}),
        cause="service-etypes-unset",
    ),
    "duplicate-spn": Customer(
        road=["not joined"],
        phase=["auth"],
        codes=["0xcaa30191"],
        remarks=frozenset({"idp-refused-ticket", "spn-twice"}),
        asked=frozenset({"federation", "mex", "keytab"}),
        formats=frozenset({DEBUG, "klist", "setspn"}),
        cause="spn-duplicate",
    ),
    "clock-skew": Customer(
        road=["not joined"],
        phase=["discover", "discover"],
        codes=["0x801c001d", "0x801c001d"],
        remarks=frozenset({"clock"}),
        asked=frozenset(),
        formats=frozenset({DEBUG, "dsregcmd /status", "event log as text"}),
        cause="clock-of-the-device",
    ),
    "fallback-hides-a-failure": Customer(
        road=["undecided", "by fallback"],  # event 306 alone decides nothing
        phase=["auth"],
        codes=["AADSTS51004, 0xcaa20003"],
        remarks=frozenset({"claims-suspect", "fallback-hides", "succeeded-proves-neither"}),
        asked=frozenset({"assertion", "computer", "federation", "cdj"}),
        formats=frozenset({DEBUG, "dsregcmd /status", "event log as CSV"}),
        cause="accounttype-namespace",
    ),
    "scp-missing": Customer(
        road=["not joined", "not joined"],  # the screen, and the events, which name no attempt
        phase=["discover", "discover"],
        codes=["0x80070002, 0x801c001d", "0x801c001d"],
        remarks=frozenset({"scp-absent"}),
        asked=frozenset({"cdj"}),
        formats=frozenset({DEBUG, "DSRegTool", "event log as text"}),
        cause="scp-missing",
    ),
}

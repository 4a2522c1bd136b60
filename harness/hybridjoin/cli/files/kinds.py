"""The kinds of word that `hybridjoin list` knows, and what each may be written for; light, for help names them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "faults": "What the lab's IdP and the Entra double can be told to do wrong: `faults:`.",
        "dial": "What can be bent of the lab's directory, KDC, network and certificate, and what comes of it: `dial:`.",
        "claims": "The attributes that the lab's IdP issues: `idp: claims:`, `expect: claims:`.",
        "claim-states": "How a claim may have come: `expect: claims: {NAME: STATE}`.",
        "mistakes": "The named mistakes of claims: `expect: claims: {NAME: {mistake: WORDS}}`.",
        "requirements": "The requirements: `expect: verdicts:`, lists of deviations, profiles.",
        "verdicts": "What a requirement may come to: `expect: verdicts: {ID: VERDICT}`.",
        "aadsts": "The codes of the Entra double's token endpoint: `expect: aadsts:`.",
        "kerberos": "The names of Kerberos errors: `expect: kerberos:`.",
        "habits": "How a device may behave: `device:`.",
        "flows": "What a device can be sent through: `flow:`.",
        "steps": "The steps of each flow: `expect: step:`.",
        "variables": "Live values of the directory: `${NAME}` below `expect:`.",
        "filters": "What a live value can be put through: `${NAME | FILTER}`.",
    }
)

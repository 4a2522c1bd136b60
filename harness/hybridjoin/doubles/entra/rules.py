"""Every rule of the token endpoint, in the order of checking, and what it is blind to: data for all who report."""

from __future__ import annotations

from hybridjoin.doubles.entra.assertion_rules import ASSERTION_RULES
from hybridjoin.doubles.entra.claim_rules import BLIND_SPOTS as DEVICE_BLIND_SPOTS
from hybridjoin.doubles.entra.claim_rules import CLAIM_RULES
from hybridjoin.doubles.entra.request_rules import REQUEST_RULES
from hybridjoin.doubles.entra.rule import BlindSpot, Certainty, Rule
from hybridjoin.doubles.entra.user_rules import USER_BLIND_SPOTS, USER_RULES

RULES: tuple[Rule, ...] = (*REQUEST_RULES, *ASSERTION_RULES, *USER_RULES, *CLAIM_RULES)
BLIND_SPOTS: tuple[BlindSpot, ...] = (*DEVICE_BLIND_SPOTS, *USER_BLIND_SPOTS)

__all__ = ["BLIND_SPOTS", "RULES", "BlindSpot", "Certainty", "Rule"]

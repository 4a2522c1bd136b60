"""Every rule of the token endpoint, in the order of checking, and what it is blind to: data for all who report."""

from __future__ import annotations

from harness.doubles.entra.assertion_rules import ASSERTION_RULES
from harness.doubles.entra.claim_rules import BLIND_SPOTS, CLAIM_RULES
from harness.doubles.entra.request_rules import REQUEST_RULES
from harness.doubles.entra.rule import BlindSpot, Certainty, Rule

RULES: tuple[Rule, ...] = (*REQUEST_RULES, *ASSERTION_RULES, *CLAIM_RULES)

__all__ = ["BLIND_SPOTS", "RULES", "BlindSpot", "Certainty", "Rule"]

"""The requirement registry: one sentence of one specification, one small function that reads parts of evidence.

`judge` asks every requirement whose parts are there, `judge_flow` those that one flow alone can answer; the claim
table is `hybridjoin.checks.claims.claim_rows`, the book itself `hybridjoin.checks.rules.BOOK`.
"""

from hybridjoin.checks.verdicts import judge, judge_flow

__all__ = ["judge", "judge_flow"]

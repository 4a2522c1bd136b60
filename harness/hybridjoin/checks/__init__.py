"""The requirement registry: one sentence of one specification, one small function that reads parts of evidence.

`judge` asks every requirement whose parts are there, `judge_flow` those that a flow alone can answer, `judge_join`
those of a join; the claim table is `hybridjoin.checks.claims.claim_rows`, the book itself
`hybridjoin.checks.rules.BOOK`.
"""

from hybridjoin.checks.verdicts import judge, judge_flow, judge_join

__all__ = ["judge", "judge_flow", "judge_join"]

"""Mutations: every single fault a SAML 1.1 assertion can have, each put into a good one and signed again.

`OPERATORS` are the faults as data, `make` puts them into an assertion; who catches them is found out by
`hybridjoin.run.mutations.mutate`. `entry` is the door for an identity provider that is handed them all, and issues
each by name.
"""

from hybridjoin.mutations.catalogue import BY_ID, OPERATORS, pairs, select
from hybridjoin.mutations.make import control, make, unsigned
from hybridjoin.mutations.operator import Area, CannotApply, Key, Mutant, Operator, Sign, Signing

__all__ = [
    "BY_ID",
    "OPERATORS",
    "Area",
    "CannotApply",
    "Key",
    "Mutant",
    "Operator",
    "Sign",
    "Signing",
    "control",
    "make",
    "pairs",
    "select",
    "unsigned",
]

"""The rule rooms, listed by hand: nothing registers itself at import."""

from harness.checks.registry import Book
from harness.checks.rules import (
    claims,
    discovery,
    enrolment,
    faults,
    kerberos,
    mex,
    mex_requests,
    negatives,
    rstr,
    saml11,
    second_opinion,
    signature,
    token,
    tolerance,
    transport,
)

ROOMS = (
    discovery,
    mex,
    mex_requests,
    kerberos,
    transport,
    tolerance,
    rstr,
    negatives,
    faults,
    saml11,
    signature,
    claims,
    token,
    enrolment,
    second_opinion,
)
BOOK = Book.of(ROOMS)

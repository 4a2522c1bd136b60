"""The rule rooms, listed by hand: nothing registers itself at import."""

from harness.checks.registry import Book
from harness.checks.rules import (
    claims,
    discovery,
    enrolment,
    faults,
    federation,
    federation_certificates,
    join_faults,
    kerberos,
    mex,
    mex_requests,
    mex_structure,
    negatives,
    patience,
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
    mex_structure,
    mex_requests,
    kerberos,
    transport,
    tolerance,
    rstr,
    patience,
    negatives,
    join_faults,
    faults,
    saml11,
    signature,
    claims,
    token,
    enrolment,
    second_opinion,
    federation,
    federation_certificates,
)
BOOK = Book.of(ROOMS)

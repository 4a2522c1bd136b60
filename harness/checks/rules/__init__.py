"""The rule rooms, listed by hand: nothing registers itself at import."""

from harness.checks.registry import Book
from harness.checks.rules import (
    claims,
    discovery,
    enrolment,
    federation,
    federation_certificates,
    kerberos,
    mex,
    rstr,
    saml11,
    second_opinion,
    signature,
    token,
)

ROOMS = (
    discovery,
    mex,
    kerberos,
    rstr,
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

"""The rule rooms, listed by hand: nothing registers itself at import."""

from hybridjoin.checks.registry import Book
from hybridjoin.checks.rules import (
    claim,
    discovery,
    http,
    join,
    kerberos,
    managed,
    managed_certificate,
    neg,
    neg_exposure,
    patience,
    prt,
    rst,
    saml,
    saml_browser,
    seamless,
    token,
    user,
    user_claims,
    user_clients,
    work,
)
from hybridjoin.checks.rules.bridge import asking, tokens
from hybridjoin.checks.rules.bridge import people as bridged_people
from hybridjoin.checks.rules.bridge import provider as openid_provider
from hybridjoin.checks.rules.fault import of_a_join, provoked
from hybridjoin.checks.rules.fed import certificates, commands, doors, settings
from hybridjoin.checks.rules.fedmeta import document, keys, service
from hybridjoin.checks.rules.gateway import application, user_types
from hybridjoin.checks.rules.mex import offer, people, requests, strict_reader, structure
from hybridjoin.checks.rules.passive import form, way, wresult
from hybridjoin.checks.rules.rstr import content, reply
from hybridjoin.checks.rules.sig import second_verifier, signature
from hybridjoin.model.flows import HYBRID_JOIN

ROOMS = (
    discovery,
    offer,
    structure,
    requests,
    people,
    strict_reader,
    kerberos,
    http,
    rst,
    reply,
    content,
    patience,
    neg,
    neg_exposure,
    of_a_join,
    provoked,
    saml,
    saml_browser,
    signature,
    second_verifier,
    claim,
    token,
    user,
    user_claims,
    user_clients,
    join,
    managed,
    managed_certificate,
    prt,
    work,
    seamless,
    settings,
    certificates,
    doors,
    commands,
    form,
    wresult,
    way,
    document,
    service,
    keys,
    openid_provider,
    asking,
    tokens,
    bridged_people,
    user_types,
    application,
)
BOOK = Book.of(ROOMS)
JOIN_BOOK = BOOK.of_flow(HYBRID_JOIN)

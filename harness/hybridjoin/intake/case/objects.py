"""What the checks need, put together again from facts: a domain's federation settings, the computer's object."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from hybridjoin.intake.case.view import FactView, is_masked
from hybridjoin.intake.federation import NOT_GRAPHS, FederationSettings
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.times import parse_instant

_TIMES: Final = ("attempt.entra_timestamp", "status.client_time")


def settings_of_facts(view: FactView) -> Iterator[FederationSettings]:
    """Yield the settings of each domain that is known by an issuer; of two files that tell them, the later one's."""
    names = {item.name for item in fields(FederationSettings)} - NOT_GRAPHS
    found = [fact for fact in view.all if fact.about == "federation" and fact.name in names]
    for of in dict.fromkeys(fact.of for fact in found):
        own = [fact for fact in found if fact.of == of]
        values: dict[str, Any] = {fact.name: fact.value for fact in own}
        if "issuer_uri" in values:
            yield FederationSettings(place=own[0].place, domain=of, **values)


def moment_of_facts(view: FactView) -> datetime | None:
    """Return the latest time that a server or the client itself told: the certificates of then are judged by it."""
    told = [parse_instant(fact.value.replace(" UTC", "Z").replace(" ", "T", 1)) for fact in view.of(*_TIMES)]
    for fact in view.of("attempt.join_time"):
        with suppress(ValueError):
            told.append(parsedate_to_datetime(fact.value))
    return max((moment for moment in told if moment is not None and moment.tzinfo), default=None)


def computer_of_facts(view: FactView) -> Computer | None:
    """Return the computer's object where there is exactly one; claims are compared with it."""
    computers = {fact.of for fact in view.matching("object.sam_account_name", r"\$$")}
    if len(computers) != 1:
        return None
    (dn,) = computers
    own = {fact.name: fact.value for fact in view.all if fact.about == "object" and fact.of == dn}
    try:
        guid = uuid.UUID(own.get("object_guid", ""))
        anchor = uuid.UUID(own["consistency_guid"]).bytes_le if own.get("consistency_guid") else None
    except ValueError:
        return None
    if is_masked(own.get("object_sid", "")):
        return None
    account = own["sam_account_name"]
    return Computer(
        dn=dn,
        name=account.removesuffix("$"),
        object_guid=guid,
        object_sid=own["object_sid"],
        sam_account_name=account,
        dns_host_name=own.get("dns_host_name", ""),
        user_principal_name=own.get("user_principal_name", ""),
        consistency_guid=anchor,
    )

"""The function that carries out each row of the dial, by the row's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.lab.dial import (
    certificates,
    controllers,
    domains,
    forest,
    kept_tickets,
    machines,
    network,
    people,
    seamless,
    services,
)
from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.dial.services import Options

BENDS: Final[Mapping[str, Callable[[Bench, Options], None]]] = MappingProxyType(
    {
        "service-rc4-only": services.rc4_only,
        "service-aes-only": services.aes_only,
        "service-etypes-unset": services.types_unset,
        "service-without-aes-keys": services.without_aes_keys,
        "device-aes-only": services.device_aes_only,
        "device-rc4-only": services.device_rc4_only,
        "spn-missing": services.name_missing,
        "spn-duplicate": services.name_twice,
        "spn-wrong-account": services.name_at_another_account,
        "spn-host-only": services.host_name_only,
        "keytab-stale": services.stale_keytab,
        "keytab-exported-again": services.keytab_exported_again,
        "keytab-of-another-account": services.keytab_of_another_account,
        "keytab-without-aes256": services.keytab_without_aes256,
        "computer-disabled": people.disabled,
        "computer-deleted": people.deleted,
        "computer-moved": people.moved,
        "computer-password-wrong": people.wrong_password,
        "computer-password-expired": people.old_password,
        "computer-expired": people.expired,
        "computer-without-certificate": machines.without_certificate,
        "computer-with-a-lost-key": machines.with_a_lost_key,
        "computer-recreated": machines.recreated,
        "account-locked": people.locked,
        "ticket-of-a-user": people.ticket_of_a_user,
        "ticket-for-another-service": people.ticket_for_another_service,
        "ticket-granting-ticket-expired": people.ticket_granting_ticket_expired,
        "ticket-from-before-aes": kept_tickets.from_before_aes,
        "ticket-from-before-reset": kept_tickets.from_before_reset,
        "kdc-down": network.kdc_down,
        "ldap-down": network.ldap_down,
        "controller-lost-after-metadata": controllers.lost_after_metadata,
        "srv-record-missing": network.srv_record_missing,
        "scp-missing": forest.missing,
        "scp-empty": forest.empty,
        "scp-of-two-tenants": forest.of_two_tenants,
        "scp-of-another-tenant": forest.of_another_tenant,
        "seamless-account": seamless.account,
        "latency": network.latency,
        "jitter": network.jitter,
        "loss": network.loss,
        "reset": network.reset,
        "tls-expired": certificates.expired,
        "tls-untrusted": certificates.untrusted,
        "tls-wrong-name": certificates.wrong_name,
        "tls-rolled": certificates.rolled,
        "two-domains": domains.two_domains,
        "two-domains-wrong-issuerid": domains.two_domains_wrong_issuerid,
    }
)
"""Each row that can be carried out."""

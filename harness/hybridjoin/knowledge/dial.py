"""What mends each thing that the dial can bend, in the words of the causes that are known anyway."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge import kerberos as k
from hybridjoin.knowledge import windows_causes as w
from hybridjoin.knowledge.article import Cause, cause

_FINE = cause(
    "Nothing is wrong: this is how it is meant to be, or a computer does not mind.",
    "dsregcmd /status: AzureAdJoined : YES, and Registration Type fed.",
    "Nothing to do.",
)
_DEVICE_TYPES = cause(
    "The device and the service account have no encryption type in common.",
    "Network security: Configure encryption types allowed for Kerberos, on the device; "
    "msDS-SupportedEncryptionTypes of the service account.",
    "Allow AES on both sides.",
    ad=k.AES,
)
_POLICY_OU = cause(
    "The computer was moved out of what Entra Connect synchronizes, or out of the reach of a policy.",
    "The organizational units of Entra Connect; gpresult /r on the device.",
    "Nothing to do for a federated join, which needs no synchronization; for the fallback, let Entra Connect have the "
    "organizational unit.",
)
_LOCKED = cause(
    "The person's account is locked after too many wrong passwords.",
    "Get-ADUser <name> -Properties LockedOut, AccountLockoutTime; event 4740 on the domain controller.",
    ad="Unlock-ADAccount <name>; look for the device or service that still sends the old password.",
)
_AS_USER = cause(
    "dsregcmd or the test was started as a person, and shows the person's ticket.",
    "whoami in that shell; the identity provider's log names who came.",
    "psexec -s -i cmd, then dsregcmd /join /debug; or start the task Automatic-Device-Join.",
)
_TWO_TENANTS = cause(
    "The service connection point was written twice, for two tenants.",
    "Get-ADObject of the service connection point, -Properties keywords.",
    "Keep one azureADName and one azureADId; computers of the other tenant get theirs by the registry.",
)
_LOST_KEY = cause(
    "The computer was installed anew, or its key store was lost: the certificate that Entra knows is of another key.",
    "The values of the computer's userCertificate, and when each was written (repadmin /showobjmeta).",
    "Nothing to do but wait: the computer adds its new certificate, and the next cycle of Entra Connect brings it; "
    "then take the old value away.",
)
_MADE_ANEW = cause(
    "The computer's object was deleted and made anew: its objectGUID, which is the device id, is another one.",
    "Compare the computer's objectGUID with the DeviceId of the device objects of that name in Entra.",
    "dsregcmd /leave on the computer; let Entra Connect bring the new object, and delete the old device object.",
)
_SEAMLESS = cause(
    "Seamless single sign-on is as the state says: switched on, or with a key that Entra does not have.",
    "Get-ADComputer AZUREADSSOACC -Properties servicePrincipalName, PasswordLastSet, msDS-SupportedEncryptionTypes.",
    "Where tickets are refused, Update-AzureADSSOForest (module AzureADSSO.psd1 of Entra Connect) rolls the key over "
    "and hands the new one to Entra; without the account, Enable-AzureADSSOForest makes it.",
)
_SLOW = cause(
    "The way to the server is slow, uneven or loses packets.",
    "ping and pathping as SYSTEM; the times of the exchanges in this record.",
    "Nothing to do as long as each answer comes within the time limit.",
)
_RESET = cause(
    "Something on the way resets the connection: a firewall, a proxy, or a balancer without a server behind it.",
    "Compare the device's connection with one from the identity provider's own network.",
    "Let the connection through, unopened.",
)

MENDING: Final[Mapping[str, Cause]] = MappingProxyType(
    {
        "service-rc4-only": k.ETYPE,
        "service-aes-only": _FINE,
        "service-etypes-unset": k.ETYPE,
        "service-without-aes-keys": k.NO_AES_KEYS,
        "device-aes-only": _DEVICE_TYPES,
        "device-rc4-only": _DEVICE_TYPES,
        "spn-missing": k.NO_SPN,
        "spn-duplicate": k.NO_SPN,
        "spn-wrong-account": k.OTHER_ACCOUNT,
        "spn-host-only": _FINE,
        "keytab-stale": k.STALE_KEY,
        "keytab-exported-again": _FINE,
        "keytab-of-another-account": k.OTHER_ACCOUNT,
        "keytab-without-aes256": k.KEYTAB_ETYPE,
        "computer-disabled": k.COMPUTER,
        "computer-deleted": k.COMPUTER,
        "computer-moved": _POLICY_OU,
        "computer-password-wrong": k.COMPUTER,
        "computer-password-expired": _FINE,
        "computer-expired": k.COMPUTER,
        "computer-without-certificate": c.NOT_SYNCED,
        "computer-with-a-lost-key": _LOST_KEY,
        "computer-recreated": _MADE_ANEW,
        "account-locked": _LOCKED,
        "ticket-of-a-user": _AS_USER,
        "ticket-for-another-service": k.ALIAS,
        "ticket-granting-ticket-expired": k.OLD_TICKET,
        "ticket-from-before-aes": k.KEPT_TICKET,
        "ticket-from-before-reset": k.KEPT_TICKET,
        "kdc-down": k.NO_KDC,
        "ldap-down": k.NO_KDC,
        "controller-lost-after-metadata": k.NO_KDC,
        "srv-record-missing": k.NO_SRV,
        "scp-missing": w.NO_SCP,
        "scp-empty": w.NO_SCP,
        "scp-of-two-tenants": _TWO_TENANTS,
        "scp-of-another-tenant": w.WRONG_SCP,
        "seamless-account": _SEAMLESS,
        "latency": _SLOW,
        "jitter": _SLOW,
        "loss": _SLOW,
        "reset": _RESET,
        "tls-expired": c.TLS,
        "tls-untrusted": c.TLS,
        "tls-wrong-name": c.TLS,
        "tls-rolled": _FINE,
        "two-domains": _FINE,
        "two-domains-wrong-issuerid": c.ISSUER_ID,
    }
)
"""The cause that each row of the dial brings about."""

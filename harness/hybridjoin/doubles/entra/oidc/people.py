"""Who signs in at the OpenID provider itself, and what that person has agreed to."""

from __future__ import annotations

import secrets

from hybridjoin.doubles.entra.applications import PERMISSIONS, Application
from hybridjoin.doubles.entra.connect import password_binds
from hybridjoin.doubles.entra.oidc.asked import Asked
from hybridjoin.doubles.entra.oidc.rules import OpenIdRefused
from hybridjoin.doubles.entra.tenant import SyncedUser, Tenant


def find_person(tenant: Tenant, asked: Asked, name: str) -> SyncedUser:
    """Return who the name is.

    Raises:
        OpenIdRefused: nobody of this tenant is called so, or the account is disabled.
    """
    config, application = tenant.config, asked.application
    user = tenant.user_named(name)
    if user is None and config.domain(name.rpartition("@")[2]) is None:
        raise OpenIdRefused(
            "user-of-another-tenant",
            user=name,
            display_name=config.display_name,
            client_id=application.client_id,
            application=application.display_name,
        )
    if user is None:
        raise OpenIdRefused("user-unknown", tenant_id=str(config.tenant_id))
    if not user.enabled:
        raise OpenIdRefused("user-account-disabled")
    return user


def check_password(tenant: Tenant, user: SyncedUser, password: str) -> None:
    """Ask the directory whether this is the person's password.

    Raises:
        OpenIdRefused: it is not.
        SyncError: the directory could not be asked.
    """
    if not password_is_right(tenant, user, password):
        raise OpenIdRefused("password-wrong")


def password_is_right(tenant: Tenant, user: SyncedUser, password: str) -> bool:
    """Tell what a synced hash of the person's password would say of this one.

    Raises:
        SyncError: the directory could not be asked.
    """
    connect = tenant.config.connect
    if connect is not None:
        return password_binds(connect, user.dn, password)
    return bool(password) and secrets.compare_digest(password.encode(), user.password.encode())


def check_assignment(application: Application, user: SyncedUser) -> None:
    """Refuse whom the application is not for.

    Raises:
        OpenIdRefused: it demands assignment, and this person has none.
    """
    if application.assigned is not None and user.name.lower() not in {item.lower() for item in application.assigned}:
        raise OpenIdRefused(
            "user-not-assigned",
            application=application.display_name,
            client_id=application.client_id,
            user=user.upn,
        )


def consented(asked: Asked) -> tuple[str, ...]:
    """Return the permissions of Graph that the token will carry: all that were consented to, not only those asked for.

    Raises:
        OpenIdRefused: nobody has consented to what is asked for.
    """
    application = asked.application
    granted = application.delegated if application.consent == "admin" else ()
    lacking = [item for item in asked.permissions if item not in granted and item != ".default"]
    names = {"application": application.display_name, "client_id": application.client_id}
    if application.consent == "none" or any(PERMISSIONS[item] for item in lacking):
        raise OpenIdRefused("consent-by-administrator", **names)
    if application.consent == "user" or lacking:
        raise OpenIdRefused("consent-missing", **names)
    return granted

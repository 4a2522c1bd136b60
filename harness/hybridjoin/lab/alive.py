"""Does the domain controller still answer? One that is stopped takes connections all the same, so it is asked."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from hybridjoin.device.adapters.directory import why_mute
from hybridjoin.errors import LabError
from hybridjoin.lab.domain import Domain

ANSWER_WITHIN_S: Final = 5.0


def need_answer(domain: Domain) -> None:
    """Make sure that the domain controller still answers.

    Raises:
        LabError: it does not; the end of its log is told.
    """
    url = domain.directory.ldap_url
    why = why_mute(url, limit_s=ANSWER_WITHIN_S)
    if why:
        raise LabError(
            f"the domain controller at {urlsplit(url).netloc} {why}",
            remedy="start the lab again; where it stays so, look whether the machine has memory and time for it",
            log_tail=domain.log_tail(),
        )

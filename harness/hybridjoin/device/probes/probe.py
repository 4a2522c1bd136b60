"""What a probe is, and what it may know of the site before it asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from hybridjoin.device.needs import Flow
from hybridjoin.errors import Breakage
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.exchange import Headers
from hybridjoin.model.site import DISABLED_ROLE, USER_ROLE, Site
from hybridjoin.model.steps import Step
from hybridjoin.protocol.address import host_of
from hybridjoin.protocol.mex import Credential, MexDocument, MexEndpoint, Trust, choose, choose_windows


class ProbeNeed(StrEnum):
    """What a site must have for a probe to be asked there.

    The value says what is missing where the join came far enough to know; else the reason is the join's own end.
    """

    METADATA = "no metadata URL is known: neither the user realm nor the site file names one"
    TWIN_METADATA = "the IdP is not known to publish a second metadata document beside the one in use"
    WINDOWS_ENDPOINT = "the metadata offers no https endpoint for integrated Windows authentication"
    USERNAME_ENDPOINT = "the metadata offers no endpoint for user name and password"
    TRUST_13 = "the metadata offers no WS-Trust 1.3 endpoint for integrated Windows authentication"
    TRUST_2005 = "the metadata offers no WS-Trust February 2005 endpoint for integrated Windows authentication"
    USER_ACCOUNT = "the site names no user account for probes (accounts: role user)"
    DISABLED_ACCOUNT = "the site names no disabled computer for probes (accounts: role disabled)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeContext:
    """What the join has found out: where to ask, and in which versions. `endpoints` are the ones Windows takes.

    `ended` says where and why the join ended, in words; what it did not come to, nobody knows.
    `silent` says of each address that let the join wait in vain what came of it: nobody needs to wait there again.
    `agent_header` is the token client's, on every request but those that a probe is about.
    """

    metadata_url: str
    applies_to: str
    endpoints: Mapping[Trust, MexEndpoint]
    document: MexDocument | None = None
    roles: frozenset[str] = frozenset()
    silent: Mapping[ProbeNeed, str] = field(default_factory=dict)
    agent_header: Headers = ()
    ended: str = ""

    @classmethod
    def of(cls, evidence: JoinEvidence, site: Site, agent_header: Headers = ()) -> ProbeContext:
        """Take over what a join brought to light, whether or not it came to its end."""
        named = evidence.realm.metadata_url if evidence.realm is not None else ""
        document = evidence.mex
        chosen = {trust: choose_windows(document, trust) for trust in Trust} if document is not None else {}
        return cls(
            metadata_url=site.idp.mex_url or named or "",
            applies_to=evidence.applies_to,
            endpoints={trust: endpoint for trust, endpoint in chosen.items() if endpoint is not None},
            document=document,
            roles=frozenset(item.role for item in site.accounts),
            silent=_silence(evidence),
            agent_header=agent_header,
            ended=_end(evidence),
        )

    @property
    def trust(self) -> Trust:
        """The version that Windows prefers of those offered."""
        return Trust.V13 if Trust.V13 in self.endpoints else Trust.FEB2005

    @property
    def hosts(self) -> frozenset[str]:
        """Every host that probes would talk to: what a site file has to allow for hostile ones."""
        urls = [self.metadata_url, *(item.url for item in self.endpoints.values())]
        return frozenset(host for url in urls if (host := host_of(url)))

    @property
    def twin_metadata_url(self) -> str:
        """PingOne's other metadata document: `mex` beside `mex13`."""
        for mine, other in (("/wsf/mex13/", "/wsf/mex/"), ("/wsf/mex/", "/wsf/mex13/")):
            if mine in self.metadata_url:
                return self.metadata_url.replace(mine, other)
        return ""

    def why_lacking(self, need: ProbeNeed) -> str:
        """Say why there is not what a probe needs: what the join found out, or that it ended before it could.

        An address that nobody named, and a document that nobody read, tell nothing of what the IdP offers.
        """
        unread = need in _OF_THE_DOCUMENT and self.document is None
        unnamed = need in _OF_THE_ADDRESS and not self.metadata_url
        return self.ended if self.ended and (unread or unnamed) else need.value

    def lacks(self, need: ProbeNeed) -> bool:
        """Say whether the site has not what a probe needs."""
        has: Mapping[ProbeNeed, object] = {
            ProbeNeed.METADATA: self.metadata_url,
            ProbeNeed.TWIN_METADATA: self.twin_metadata_url,
            ProbeNeed.WINDOWS_ENDPOINT: self.endpoints,
            ProbeNeed.USERNAME_ENDPOINT: self.document and choose(self.document, Credential.USERNAME),
            ProbeNeed.TRUST_13: Trust.V13 in self.endpoints,
            ProbeNeed.TRUST_2005: Trust.FEB2005 in self.endpoints,
            ProbeNeed.USER_ACCOUNT: USER_ROLE in self.roles,
            ProbeNeed.DISABLED_ACCOUNT: DISABLED_ROLE in self.roles,
        }
        return not has[need]


_OF_A_VERSION: Final = frozenset({ProbeNeed.TRUST_13, ProbeNeed.TRUST_2005})
_OF_THE_DOCUMENT: Final = _OF_A_VERSION | {ProbeNeed.WINDOWS_ENDPOINT, ProbeNeed.USERNAME_ENDPOINT}
_OF_THE_ADDRESS: Final = frozenset({ProbeNeed.METADATA, ProbeNeed.TWIN_METADATA})


def _end(evidence: JoinEvidence) -> str:
    """Say where the join ended; one that came to its end, or past the metadata, has nothing to say."""
    failure = evidence.failure
    return f"the flow ended at step '{failure.step}': {failure.reason}" if failure is not None else ""


def _silence(evidence: JoinEvidence) -> Mapping[ProbeNeed, str]:
    failure = evidence.failure
    if failure is None or failure.breakage is not Breakage.TIMEOUT:
        return {}
    named = {
        Step.MEX: (ProbeNeed.METADATA, "the metadata address"),
        Step.RST: (ProbeNeed.WINDOWS_ENDPOINT, "the endpoint"),
    }
    if failure.step not in named:
        return {}
    need, place = named[failure.step]
    return {need: f"{place} let the join wait: {failure.reason}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One question with a stable id; a hostile one may harm, so it is asked only where somebody allowed it."""

    id: str
    sentence: str
    flow: Callable[[ProbeContext], Flow[ProbeResult]]
    needs: frozenset[ProbeNeed] = frozenset()
    hostile: bool = False

    @property
    def role(self) -> str:
        """Whose account it knocks with; empty for the device's own."""
        if ProbeNeed.USER_ACCOUNT in self.needs:
            return USER_ROLE
        return DISABLED_ROLE if ProbeNeed.DISABLED_ACCOUNT in self.needs else ""

    def why_not(self, context: ProbeContext) -> str:
        """Say why it cannot be asked at this site; empty where it can."""
        lacking = [need for need in ProbeNeed if need in self.needs and context.lacks(need)]
        if ProbeNeed.WINDOWS_ENDPOINT in lacking:  # where there is none at all, there is none in any version
            lacking = [need for need in lacking if need not in _OF_A_VERSION]
        return "; ".join(dict.fromkeys(map(context.why_lacking, lacking)))

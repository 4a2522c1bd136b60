"""What `hybridjoin init` can write: files to begin with, by kind; light, for help names the kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hybridjoin.shipped import PACKAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """One file: `source` is its name among the starters, `target` where it is written, `schema` what describes it."""

    source: str
    target: str
    sentence: str
    schema: str = ""


FOLDER: Final = PACKAGE / "starters"
SIGNING: Final = "contoso-signing.pem"
STARTERS: Final[Mapping[str, tuple[Starter, ...]]] = MappingProxyType(
    {
        "scenario": (
            Starter(
                source="good-join.scenario.yaml",
                target="scenarios/good-join.scenario.yaml",
                sentence="a computer joins",
                schema="scenario",
            ),
            Starter(
                source="claim-missing.scenario.yaml",
                target="scenarios/claim-missing.scenario.yaml",
                sentence="three that must not",
                schema="scenario",
            ),
        ),
        "lab": (
            Starter(source="contoso.lab.yaml", target="contoso.lab.yaml", sentence="a domain for them", schema="lab"),
        ),
        "site": (
            Starter(source="contoso.site.yaml", target="contoso.site.yaml", sentence="a place of yours", schema="site"),
            Starter(source=SIGNING, target=SIGNING, sentence="a placeholder, nobody has its key"),
        ),
        "deviations": (
            Starter(
                source="contoso.deviations.yaml",
                target="contoso.deviations.yaml",
                sentence="what it is forgiven",
                schema="deviations",
            ),
        ),
        "gateway": (
            Starter(
                source="contoso.gateway.yaml",
                target="contoso.gateway.yaml",
                sentence="PingOne's LDAP gateway",
                schema="gateway",
            ),
        ),
        "github": (Starter(source="github.yml", target=".github/workflows/hybridjoin.yml", sentence="GitHub Actions"),),
        "gitlab": (Starter(source="gitlab.yml", target=".gitlab-ci.yml", sentence="GitLab"),),
        "jenkins": (Starter(source="Jenkinsfile", target="Jenkinsfile", sentence="Jenkins"),),
    }
)
"""The starters of each kind."""

USUAL: Final = ("scenario", "lab", "site", "deviations")
"""The kinds that are written where none is named."""

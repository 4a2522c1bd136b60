"""The requirements as `hybridjoin certify --list` prints them."""

from __future__ import annotations

from hybridjoin.checks.breaks import breaks_of
from hybridjoin.checks.requirement import Requirement
from hybridjoin.cli.certify.certify_screen import list_screen
from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.output import say_json
from hybridjoin.report.terminal import console, put


def show_requirements(requirements: tuple[Requirement, ...], *, as_json: bool) -> ExitCode:
    """Print each requirement with its level, sentence and source; whom it breaks besides for machines."""
    if not as_json:
        put(console(), list_screen(requirements))
        return ExitCode.AS_EXPECTED
    rows = [
        {
            "id": item.id,
            "level": item.level.value,
            "area": item.area,
            "specification": item.specification,
            "section": item.section,
            "url": item.url,
            "sentence": item.sentence,
            "verified": item.verified,
            "breaks": [
                {"client": loss.client.value, "source": loss.source, "url": loss.url} for loss in breaks_of(item.id)
            ],
        }
        for item in requirements
    ]
    say_json({"requirements": rows}, indent=1, ensure_ascii=False)
    return ExitCode.AS_EXPECTED

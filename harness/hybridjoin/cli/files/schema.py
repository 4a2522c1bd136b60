"""`hybridjoin schema`: the JSON Schema of a file format, for editors and validators."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import click

from hybridjoin.cli.exits import ExitCode

if TYPE_CHECKING:
    from hybridjoin.scenario.schema import Kind

FORMATS = ("scenario", "site", "lab", "deviations", "profile", "record", "events")


@click.command("schema", epilog="\b\nExample:\n  hybridjoin schema scenario > scenario.schema.json")
@click.argument("name", metavar="|".join(FORMATS), type=click.Choice(FORMATS))
def schema_command(*, name: str) -> ExitCode:
    """Print the JSON Schema of a file format.

    Draft 2020-12; editors that know YAML take the one of scenarios, sites and labs.
    """
    click.echo(json.dumps(_schema(name), indent=2))
    return ExitCode.AS_EXPECTED


def _schema(name: str) -> dict[str, Any]:
    if name == "record":
        from hybridjoin.report.json_report import record_schema

        return record_schema()
    if name == "events":
        from hybridjoin.report.ndjson import events_schema

        return events_schema()
    from hybridjoin.scenario.schema import json_schema

    return json_schema(cast("Kind", name))

"""`hybridjoin schema`: the JSON Schema of a file format, for editors and validators."""

from __future__ import annotations

import json

import click

from harness.cli.exits import ExitCode

FORMATS = ("scenario", "site", "lab", "record")


@click.command("schema", epilog="\b\nExample:\n  hybridjoin schema scenario > scenario.schema.json")
@click.argument("name", metavar="|".join(FORMATS), type=click.Choice(FORMATS))
def schema_command(*, name: str) -> ExitCode:
    """Print the JSON Schema (2020-12) of a scenario, site, lab or record file."""
    if name == "record":
        from harness.report.json_report import record_schema

        schema = record_schema()
    else:
        from harness.scenario.schema import json_schema

        schema = json_schema(name)
    click.echo(json.dumps(schema, indent=2))
    return ExitCode.AS_EXPECTED

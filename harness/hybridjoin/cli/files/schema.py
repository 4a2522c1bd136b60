"""`hybridjoin schema`: the JSON Schema of a file format, for editors and validators, or its keys as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.output import say_json

if TYPE_CHECKING:
    from hybridjoin.scenario.schema import Kind

FORMATS = ("scenario", "site", "lab", "deviations", "profile", "case", "gateway", "record", "events")


@click.command(
    "schema",
    epilog="\b\nExamples:\n  hybridjoin schema scenario > scenario.schema.json\n  hybridjoin schema site --markdown\n\n"
    "\b\nThe comment for an editor:\n  # yaml-language-server: $schema=scenario.schema.json",
)
@click.argument("name", metavar="|".join(FORMATS), type=click.Choice(FORMATS))
@click.option("--markdown", is_flag=True, help="Print the keys and what they mean as a page, not the schema.")
def schema_command(*, name: str, markdown: bool) -> ExitCode:
    """Print the JSON Schema of a file format.

    Draft 2020-12. An editor with a YAML language server takes it by a comment in the file's first line, which
    `hybridjoin init` writes.
    """
    if markdown:
        from hybridjoin.cli.files.key_pages import key_page

        click.echo(key_page(name, _schema(name)), nl=False)
    else:
        say_json(_schema(name))
    return ExitCode.AS_EXPECTED


def _schema(name: str) -> dict[str, Any]:
    if name == "record":
        from hybridjoin.report.json_report import record_schema

        return record_schema()
    if name == "events":
        from hybridjoin.report.schemas.event_schema import events_schema

        return events_schema()
    from hybridjoin.scenario.schema import json_schema

    return json_schema(cast("Kind", name))

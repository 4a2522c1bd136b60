"""Writes YAML that is read back as it was meant: by our reader, which goes by YAML 1.2, and by everybody's."""

from __future__ import annotations

from typing import Final

import yaml

from hybridjoin.scenario.yaml.source import CORE_TYPES


# libyaml's is ten times as fast, and not every PyYAML was built with it: a base that the machine decides on, not mypy.
class CoreDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Quotes a text that PyYAML's own types or those of YAML 1.2 would take for something else, as 1e3 for a number."""


_EVERY_TYPE: Final = {letter: list(rows) for letter, rows in CoreDumper.yaml_implicit_resolvers.items()}
for _letter, _rows in CORE_TYPES.items():
    _EVERY_TYPE.setdefault(_letter, []).extend(_rows)
CoreDumper.yaml_implicit_resolvers = _EVERY_TYPE

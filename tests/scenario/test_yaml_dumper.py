"""A text that is written comes back as that text, to our reader of YAML 1.2 and to PyYAML's of 1.1."""

from __future__ import annotations

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from hybridjoin.scenario.yaml.dumper import CoreDumper
from hybridjoin.scenario.yaml.source import parse_yaml

SCALARS = st.one_of(
    st.from_regex(r"[-+]?[0-9_.:xoeEa-f]{1,8}", fullmatch=True),
    st.sampled_from(["on", "No", "~", "null", "True", "2026-01-01", "12:30", "0o17", "0x1f", "=", "<<", "1_000"]),
)


@given(st.lists(SCALARS, min_size=1))
@example(["1e3", ".5E7", "0o17", "on"])
def test_a_text_stays_a_text(texts: list[str]) -> None:
    written = yaml.dump(texts, Dumper=CoreDumper)

    assert parse_yaml(written.encode(), file="x")[0] == texts
    assert yaml.safe_load(written) == texts


@given(st.lists(st.one_of(st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False))))
def test_a_number_stays_a_number(values: list[object]) -> None:
    assert parse_yaml(yaml.dump(values, Dumper=CoreDumper).encode(), file="x")[0] == values

"""A site of somebody's own: a managed join writes nothing there."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.lab.provider import Provider
from hybridjoin.scenario.load import load_file
from tests.scenario.test_site_file import SMALLEST, folder

__all__ = ["folder"]
SCENARIO = """\
id: a
title: b
flow: {flow}
device: {{name: WS01}}
expect: {{join: failed}}
"""
WITH_KEY = SMALLEST.replace(
    "password_file: ws01.password", "password_file: ws01.password, user_certificate_key: ws01.pem"
)


@pytest.mark.parametrize(
    ("text", "flow", "refused"),
    [(SMALLEST, "managed-join", True), (WITH_KEY, "managed-join", False), (SMALLEST, "join", False)],
)
def test_a_certificate_is_written_to_nobodys_directory(folder: Path, text: str, flow: str, refused: bool) -> None:
    (folder / "ws01.pem").write_text("a key", "utf-8")
    (folder / "a.site.yaml").write_text(text, "utf-8")
    (folder / "a.scenario.yaml").write_text(SCENARIO.format(flow=flow), "utf-8")
    (scenario,) = load_file(folder / "a.scenario.yaml")

    reason = Provider(site_file=folder / "a.site.yaml").refuses(scenario)

    assert ("name user_certificate_key" in reason) is refused, reason

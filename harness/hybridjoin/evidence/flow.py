"""What the evidence of every flow has in common, whichever parts it holds besides."""

from __future__ import annotations

from dataclasses import Field
from typing import Any, ClassVar, Protocol

from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.record import FlowResult
from hybridjoin.model.steps import Step


class FlowEvidence(Protocol):
    """What one way through a flow brought to light: a frozen dataclass of the flow's own."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def result(self) -> FlowResult:
        """How it ended, in the flow's own words."""

    @property
    def client_request_id(self) -> str:
        """The identifier that the device gave its requests to Entra."""

    @property
    def failure(self) -> Failure | None:
        """What ended the flow."""

    @property
    def unreadable(self) -> tuple[tuple[Step, str], ...]:
        """The steps whose reply could not be read, with the reader's words."""

    @property
    def parts(self) -> Parts:
        """What checks are asked about, each part by its type."""

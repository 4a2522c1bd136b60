"""The kinds of value that scenario and site files share: durations, codes, and the strictness of it all."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic import Strict as Strictness

from hybridjoin.model.flows import FLOWS
from hybridjoin.model.steps import Phase, Step

_DURATION: Final = re.compile(r"([+-]?)(\d+(?:\.\d+)?)(ms|s|m|h)\Z")
_UNIT_S: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
LONGEST_S: Final = 100 * 365.25 * 86400
_HRESULT: Final = re.compile(r"0x[0-9a-f]{8}\Z")


def _number_to_text(value: object) -> object:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _duration(value: object) -> object:
    match = _DURATION.match(value) if isinstance(value, str) else None
    if not match:
        found = f"'{value}'" if isinstance(value, str) else str(value).lower()
        raise ValueError(f"expected a duration such as +6m, -90s or 1h, found {found}")
    seconds = float(match[2]) * _UNIT_S[match[3]] * (-1 if match[1] == "-" else 1)
    if abs(seconds) > LONGEST_S:
        raise ValueError(f"expected a duration of a hundred years at most, found {match[0][:40]}…")
    return seconds


def _hresult(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**32:
        return f"0x{value:08x}"
    if isinstance(value, str) and _HRESULT.match(value.lower()):
        return value.lower()
    raise ValueError(f"expected a code of eight hex digits such as 0xcaa20003, found '{value}'")


def _aadsts(value: object) -> object:
    digits = value.upper().removeprefix("AADSTS") if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not digits.isdecimal():
        raise ValueError(f"expected a number such as 51004, found '{value}'")
    return int(digits)


def _flow(value: object) -> object:
    names = [flow.name for flow in FLOWS]
    if value not in names:
        raise ValueError(f"expected one of {', '.join(names)}, found '{value}'")
    return value


def written(pattern: str, words: str, *, longest: int = 0) -> tuple[AfterValidator, WithJsonSchema]:
    """Return what makes a text of a form: `words` say what is expected, the pattern tells an editor."""

    def check(text: str) -> str:
        if not re.search(pattern, text) or (longest and len(text) > longest):
            raise ValueError(f"expected {words}, found '{text}'")
        return text

    bound = {"maxLength": longest} if longest else {}
    return AfterValidator(check), WithJsonSchema({"type": "string", "pattern": pattern, **bound})


Trust = Annotated[
    Literal["1.3", "2005"],
    BeforeValidator(_number_to_text),
    WithJsonSchema({"type": ["string", "number"], "enum": ["1.3", "2005", 1.3, 2005]}),  # YAML makes a number of 1.3
]
Duration = Annotated[float, BeforeValidator(_duration, json_schema_input_type=str)]
HResult = Annotated[str, BeforeValidator(_hresult, json_schema_input_type=str | int)]
Aadsts = Annotated[int, BeforeValidator(_aadsts, json_schema_input_type=str | int)]
PhaseName = Annotated[Phase, Strictness(strict=False)]  # a file names them by their text
StepName = Annotated[Step, Strictness(strict=False)]
FlowName = Annotated[
    str, BeforeValidator(_flow), WithJsonSchema({"type": "string", "enum": [flow.name for flow in FLOWS]})
]
Id = Annotated[
    str,
    *written(r"^[a-z0-9][a-z0-9._-]*$", "at most 80 small letters, digits, dots, hyphens and underscores", longest=80),
]
Line = Annotated[str, Field(min_length=1)]
# What may stand in a header: printable ASCII, no blank at either end; empty leaves the header out.
# What a library names itself in x-client-SKU.
Sku = Annotated[
    str, *written(r"^[A-Za-z0-9][A-Za-z0-9.-]*$", "at most 64 letters, digits, dots and hyphens", longest=64)
]
UserAgent = Annotated[
    str,
    *written(r"^([!-~]([ -~]*[!-~])?)?$", "at most 200 printable ASCII characters, no blank at the ends", longest=200),
]


class Strict(BaseModel):
    """Every model of a file: no unknown key, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

"""Fixtures for tests in Python: a place that the whole session shares, and one join after the other.

| fixture | scope | what it is |
|---|---|---|
| `hybridjoin_lab` | session | the open place: a lab, or the site of `--hybridjoin-site` |
| `hybridjoin_device` | function | the name of the computer that joins; the everyday one |
| `hybridjoin_idp` | function | what bends the reference IdP, in the words of a scenario's `idp:`; nothing |
| `hybridjoin_entra` | function | what bends the Entra double, in the words of a scenario's `entra:`; nothing |
| `hybridjoin_site` | function | the place, set up so for this test: what a client of it has to know |
| `hybridjoin_join` | function | a function that lets the computer join there and returns the record |

Nothing heavy is imported before a test asks for one. To bend something for a test, parametrize `hybridjoin_idp`,
`hybridjoin_entra` or `hybridjoin_device` indirectly, or give a fixture of that name in the module or class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import pytest

from hybridjoin.plugin.options import loaded_engine

if TYPE_CHECKING:
    from hybridjoin import api


@pytest.fixture(scope="session")
def hybridjoin_lab(pytestconfig: pytest.Config) -> api.OpenPlace:
    """The place of this session, the one that its scenario files run at too; closed when the session ends."""
    from hybridjoin.api import OpenPlace  # noqa: PLC0415 - heavy

    run = loaded_engine(pytestconfig).run_of(pytestconfig)
    run.check_place()
    return OpenPlace(provider=run.provider)


@pytest.fixture
def hybridjoin_device(request: pytest.FixtureRequest, hybridjoin_lab: api.OpenPlace) -> str:
    """The computer that joins: the everyday one, or the parameter."""
    return str(getattr(request, "param", hybridjoin_lab.devices[0]))


@pytest.fixture
def hybridjoin_idp(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """What bends the reference IdP: nothing, or the parameter."""
    return cast("Mapping[str, Any]", getattr(request, "param", {}))


@pytest.fixture
def hybridjoin_entra(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """What bends the Entra double: nothing, or the parameter."""
    return cast("Mapping[str, Any]", getattr(request, "param", {}))


@pytest.fixture
def hybridjoin_site(
    hybridjoin_lab: api.OpenPlace, hybridjoin_idp: Mapping[str, Any], hybridjoin_entra: Mapping[str, Any]
) -> Iterator[api.Site]:
    """The place, set up for this test as `hybridjoin_idp` and `hybridjoin_entra` say."""
    with hybridjoin_lab.site(idp=hybridjoin_idp, entra=hybridjoin_entra) as site:
        yield site


@pytest.fixture
def hybridjoin_join(hybridjoin_site: api.Site, hybridjoin_device: str) -> Callable[..., api.JoinRecord]:
    """Let the computer join: `hybridjoin_join()`, or with habits in the words of a scenario's `device:`."""
    from hybridjoin.api import join  # noqa: PLC0415 - heavy

    def carry_out(device: str = hybridjoin_device, **habits: Any) -> api.JoinRecord:  # noqa: ANN401 - the words' own
        return join(hybridjoin_site, device, **habits)

    return carry_out

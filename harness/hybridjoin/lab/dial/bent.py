"""A lab bent for one scenario: whose turn it is, the bends at work, and all of it undone at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress

from hybridjoin.errors import LabError, machine_named
from hybridjoin.lab.dial import forest, seamless
from hybridjoin.lab.dial.admin import Admin, administrator
from hybridjoin.lab.dial.bench import Bench, Order, bench_for
from hybridjoin.lab.dial.bends import BENDS
from hybridjoin.lab.dial.kdc_log import KdcLog, begin_anew, is_too_long
from hybridjoin.lab.dial.turn import turn
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.standins.servers import Doubles
from hybridjoin.lab.start import IDP_CERTIFICATE
from hybridjoin.model.dial.row import BendPlace
from hybridjoin.model.dial.table import DIAL
from hybridjoin.model.dialled import HeardLine
from hybridjoin.model.redact import redact_text
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.scenario import Bend


class Dialling:
    """The dial of one lab: one administrator's connection for all its scenarios, opened by the first that writes."""

    def __init__(self, lab_file: LabFile) -> None:
        self._lab_file = lab_file
        self._stack = ExitStack()
        self._admins: dict[str, Admin] = {}

    def close(self) -> None:
        """Let the connections go."""
        self._admins.clear()
        self._stack.close()

    @contextmanager
    def bent(
        self,
        order: Order | None,
        domain: Domain,
        doubles: Doubles,
        everyday: Mapping[str, object],
        *,
        stays: bool = False,
    ) -> Iterator[Bench | None]:
        """Bend the lab as a scenario orders it for as long as the block lasts; without an order, share it as it is.

        What `stays` may be there for days, and keeps no scenario waiting.

        Raises:
            UsageError: this lab does not have what is to be bent.
        """
        self._tidy(domain)
        if order is None:
            with nullcontext() if stays else turn(domain.state_dir, alone=False):
                yield None
            return
        alone = any(DIAL[bend.name].place is BendPlace.FOREST for bend in order.bends)
        with turn(domain.state_dir, alone=alone), self._bench(order, domain, doubles, everyday) as bench:
            log = KdcLog(domain.log_file, kdc=bench.kdc, realm=domain.directory.realm)
            for bend in sorted(order.bends, key=_controllers_first):
                with machine_named():
                    BENDS[bend.name](bench, bend.options)
            with _certificate_shown(bench, doubles, domain):
                bench.overheard = lambda: _overheard(bench, log, doubles)
                yield bench

    def _tidy(self, domain: Domain) -> None:
        """Undo what a killed process left bent, and begin a log anew that has become too long."""
        if any(bent.needs_undoing(domain.state_dir) for bent in (forest, seamless)):
            with turn(domain.state_dir, alone=True):
                forest.put_back(self._admin(domain), domain)
                seamless.put_back(self._admin(domain), domain)
        if is_too_long(domain.log_file):
            # Where somebody is at work, whoever comes later does it.
            with suppress(LabError), turn(domain.state_dir, alone=True, wait_s=0.0):
                begin_anew(domain.log_file)

    def _bench(
        self, order: Order, domain: Domain, doubles: Doubles, everyday: Mapping[str, object]
    ) -> AbstractContextManager[Bench]:
        return bench_for(
            order,
            lab_file=self._lab_file,
            domain=domain,
            doubles=doubles,
            everyday=everyday,
            open_admin=lambda: self._admin(domain),
        )

    def _admin(self, domain: Domain) -> Admin:
        if domain.ldaps_url not in self._admins:
            self._admins[domain.ldaps_url] = self._stack.enter_context(administrator(domain))
        return self._admins[domain.ldaps_url]


def _controllers_first(bend: Bend) -> bool:
    """What else is bent is bent about the controller that the scenario will have."""
    return DIAL[bend.name].place is not BendPlace.CONTROLLER


@contextmanager
def _certificate_shown(bench: Bench, doubles: Doubles, domain: Domain) -> Iterator[None]:
    """Let the identity provider show the scenario's certificate, and the everyday one again in the end."""
    if bench.certificate is None and not bench.after_metadata:
        yield
        return
    if bench.certificate is not None:
        doubles.show(bench.certificate)
    try:
        yield
    finally:
        doubles.show(domain.certificates[IDP_CERTIFICATE])


def _overheard(bench: Bench, log: KdcLog, doubles: Doubles) -> tuple[HeardLine, ...]:
    """Return what the KDC and the identity provider have noted of this scenario."""
    told = [HeardLine(who="KDC", line=line) for line in log.lines(bench.names)]
    noted = (HeardLine(who="identity provider", line=redact_text(line)) for line in doubles.heard())
    return (*told, *noted)

"""The dial at a real directory: what is bent is bent for one scenario alone, and gone when it ends, however it ends."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import join_site
from hybridjoin.errors import LabError, UsageError
from hybridjoin.lab.alive import need_answer
from hybridjoin.lab.dial import kdc_log, seamless
from hybridjoin.lab.dial import turn as turns
from hybridjoin.lab.dial.admin import Admin, administrator
from hybridjoin.lab.dial.bench import Order
from hybridjoin.lab.dial.controllers import kill_controller
from hybridjoin.lab.dial.forest import UNDO_FILE
from hybridjoin.lab.dial.kdc_log import KdcLog
from hybridjoin.lab.dial.marker import as_request
from hybridjoin.lab.dial.proxy import Led, Weather, proxies, silent_port
from hybridjoin.lab.dial.turn import turn
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.lab import Lab
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.lab.shared_domain import SharedDomain
from hybridjoin.lab.state import CHILD_FILE, read_mark
from hybridjoin.model.steps import Step
from hybridjoin.protocol.scp import SCP_RDN
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.scenario import Bend


def order(*names: str, scenario: str = "a-scenario") -> Order:
    bends = tuple(Bend(name=name, options={}) for name in names)
    return Order(name=scenario, bends=bends, device="WS01", person="carol")


@pytest.fixture
def lab(lab_file: LabFile, domain: Domain) -> Iterator[Lab]:
    with Lab(lab_file, backend=SharedDomain(domain)) as opened:
        yield opened


@pytest.fixture
def admin(domain: Domain) -> Iterator[Admin]:
    with administrator(domain) as opened:
        yield opened


def keywords(admin: Admin, domain: Domain) -> tuple[bytes, ...] | None:
    return admin.read(f"{SCP_RDN},{domain.directory.base_dn}", "keywords")


def left_in(domain: Domain) -> list[str]:
    return sorted(path.name for path in domain.state_dir.glob("dial-*") if path.suffix != ".lock")


@pytest.mark.lab
@pytest.mark.parametrize("trouble", [None, KeyboardInterrupt, SystemExit, RuntimeError])
def test_an_account_of_the_scenarios_own_is_gone_afterwards(
    lab: Lab, admin: Admin, domain: Domain, trouble: type[BaseException] | None
) -> None:
    dn = f"CN=D-{order().tag},CN=Computers,{domain.directory.base_dn}"
    try:
        with lab.site(dial=order("computer-disabled")) as site:
            account = site.device("WS01")
            assert account is not None
            assert account.sam_account_name == f"D-{order().tag}$"
            assert admin.read(dn, "userAccountControl") == (b"4098",)
            assert account.keytab is not None
            assert account.keytab.stat().st_mode & 0o077 == 0
            if trouble is not None:
                raise trouble
    except (KeyboardInterrupt, SystemExit, RuntimeError):
        pass

    assert admin.read(dn, "userAccountControl") is None
    assert left_in(domain) == []


@pytest.mark.lab
@pytest.mark.parametrize("bend", ["scp-missing", "scp-empty", "scp-of-two-tenants", "scp-of-another-tenant"])
def test_the_forests_own_object_is_as_it_was_afterwards(lab: Lab, admin: Admin, domain: Domain, bend: str) -> None:
    before = keywords(admin, domain)
    with contextlib.suppress(RuntimeError), lab.site(dial=order(bend)):
        assert keywords(admin, domain) != before
        raise RuntimeError

    assert sorted(keywords(admin, domain) or ()) == sorted(before or ())
    assert left_in(domain) == []
    assert not (domain.state_dir / UNDO_FILE).exists()


@pytest.mark.lab
@pytest.mark.parametrize("option", ["good", "key-rolled-over", "rc4-only", "without-name"])
def test_the_account_of_seamless_single_sign_on_is_gone_afterwards(
    lab: Lab, admin: Admin, domain: Domain, option: str
) -> None:
    bend = Bend(name="seamless-account", options={"state": option})
    wanted = Order(name="seamless", bends=(bend,), device="WS01", person="carol")
    dn = f"CN=AZUREADSSOACC,CN=Computers,{domain.directory.base_dn}"
    with contextlib.suppress(RuntimeError), lab.site(dial=wanted):
        assert admin.read(dn, "servicePrincipalName") == (
            () if option == "without-name" else (b"HTTP/autologon.microsoftazuread-sso.com",)
        )
        assert seamless.needs_undoing(domain.state_dir)
        raise RuntimeError

    assert admin.read(dn, "servicePrincipalName") is None
    assert left_in(domain) == []
    assert not seamless.needs_undoing(domain.state_dir)


@pytest.mark.lab
def test_an_account_that_a_killed_process_left_is_taken_away_by_whoever_comes_next(
    lab: Lab, admin: Admin, domain: Domain
) -> None:
    dn = f"CN=AZUREADSSOACC,CN=Computers,{domain.directory.base_dn}"
    admin.add(dn, {"objectClass": "computer", "sAMAccountName": "AZUREADSSOACC$", "userAccountControl": "4098"})
    (domain.state_dir / seamless.MARK_FILE).touch()

    with lab.site():
        assert admin.read(dn, "sAMAccountName") is None
    assert not seamless.needs_undoing(domain.state_dir)


def _bend_and_wait(lab_file: LabFile, domain: Domain, ready: Path) -> None:
    with Lab(lab_file, backend=SharedDomain(domain)) as lab, lab.site(dial=order("scp-missing")):
        ready.touch()
        time.sleep(60)


@pytest.mark.lab
def test_what_a_killed_process_left_bent_is_put_back_by_whoever_comes_next(
    lab: Lab, lab_file: LabFile, admin: Admin, domain: Domain, tmp_path: Path
) -> None:
    before, ready = keywords(admin, domain), tmp_path / "ready"
    process = multiprocessing.get_context("fork").Process(target=_bend_and_wait, args=(lab_file, domain, ready))
    process.start()
    until = time.monotonic() + 30
    while not ready.exists() and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert keywords(admin, domain) is None

    with lab.site():
        assert sorted(keywords(admin, domain) or ()) == sorted(before or ())


@pytest.mark.lab
def test_a_forest_without_the_object_refuses_the_bend(lab: Lab, admin: Admin, domain: Domain) -> None:
    dn = f"{SCP_RDN},{domain.directory.base_dn}"
    before = keywords(admin, domain) or ()
    admin.remove(dn)
    try:
        refused = pytest.raises(UsageError, match="no service connection point that could be bent")
        with refused, lab.site(dial=order("scp-empty")):
            pass
    finally:
        admin.add(dn, {"objectClass": "serviceConnectionPoint", "keywords": before})


@pytest.mark.lab
def test_a_controller_that_is_killed_is_the_scenarios_own(lab: Lab, domain: Domain) -> None:
    with lab.site(dial=order("controller-lost-after-metadata")) as site:
        own = site.directory.krb5_config.parent
        mark = read_mark(own / CHILD_FILE)
        assert mark is not None
        assert own != domain.state_dir
        assert mark.find()
        lost = join_site(site, "WS01", Habits(fallback_to_sync_join=False))
        assert mark.find() is None
        need_answer(domain)

    assert lost.evidence is not None
    assert lost.evidence.failure is not None
    assert "KRB5_KDC_UNREACH" in lost.evidence.failure.reason
    assert lost.evidence.failure.step is Step.TICKET
    assert not own.exists()


@pytest.mark.lab
def test_a_controller_that_is_dead_may_be_killed_again(lab_file: LabFile) -> None:
    with ProcessBackend().start(lab_file) as own:
        kill_controller(own)
        kill_controller(own)
        with pytest.raises(LabError):
            need_answer(own)


@pytest.mark.lab
def test_two_scenarios_bend_the_same_row_at_once(lab_file: LabFile, domain: Domain) -> None:
    one, other = order("spn-missing", scenario="one"), order("spn-missing", scenario="other")
    shared = SharedDomain(domain)
    with (
        Lab(lab_file, backend=shared) as first,
        Lab(lab_file, backend=shared) as second,
        first.site(dial=one) as site,
        second.site(dial=other) as neighbour,
    ):
        assert site.idp.issuer != neighbour.idp.issuer


@pytest.mark.lab
def test_the_log_is_read_to_its_end_and_for_our_names_alone(domain: Domain) -> None:
    log = KdcLog(domain.log_file, kdc=_kdc_of(domain), realm=domain.directory.realm)
    _ask(domain, "somebody-else")
    _ask(domain, "d-mine")

    lines = log.lines(["d-mine@"])

    assert any(line.startswith("AS-REQ ERR_C_PRINCIPAL_UNKNOWN") for line in lines)
    assert any("NT_STATUS_NO_SUCH_USER" in line for line in lines)
    assert [line for line in lines if "somebody-else" in line] == []
    assert log.lines([]) == ()


def _kdc_of(domain: Domain) -> tuple[str, int]:
    host = domain.directory.ldap_url.removeprefix("ldap://").partition(":")[0]
    return host, 88


def _ask(domain: Domain, name: str) -> None:
    question = as_request(domain.directory.realm, name)
    with socket.create_connection(_kdc_of(domain), timeout=5) as connection:
        connection.sendall(len(question).to_bytes(4, "big") + question)
        assert connection.recv(4)


@pytest.fixture
def echo() -> Iterator[tuple[str, int]]:
    """A server that sends back what it hears."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(ConnectionResetError):
                    while heard := connection.recv(1024):
                        connection.sendall(heard)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()
        listener.shutdown(socket.SHUT_RDWR)


def said(port: int, words: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(words)
        connection.shutdown(socket.SHUT_WR)
        heard = b""
        while piece := connection.recv(1024):
            heard += piece
        return heard


def test_a_proxy_passes_everything_on_and_late(echo: tuple[str, int]) -> None:
    late, uneven, lossy = Weather(delay=0.02), Weather(jitter=0.02), Weather(loss=1.0, again=0.02)
    with proxies(*(Led(host=echo[0], port=echo[1], weather=each) for each in (late, uneven, lossy))) as ports:
        for port, least_s in zip(ports, (0.04, 0.0, 0.04), strict=True):
            began = time.monotonic()
            assert said(port, b"hello") == b"hello"
            assert time.monotonic() - began >= least_s


@pytest.mark.parametrize("after", [0, 3])
def test_a_proxy_resets_after_so_many_octets_of_the_answer(echo: tuple[str, int], after: int) -> None:
    led = Led(host=echo[0], port=echo[1], weather=Weather(reset_after=after))
    with (
        proxies(led) as ports,
        socket.create_connection(("127.0.0.1", ports[0]), timeout=5) as connection,
    ):
        connection.sendall(b"hello")
        heard = connection.recv(after) if after else b""
        with pytest.raises(ConnectionResetError):
            connection.recv(1024)

    assert heard == b"hello"[:after]


@pytest.mark.lab
def test_a_log_that_has_become_too_long_is_begun_anew(
    lab_file: LabFile, domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_file = tmp_path / "samba.log"  # the domain's own is read by other tests
    monkeypatch.setattr(kdc_log, "LONGEST_BYTES", 4)
    shared = SharedDomain(replace(domain, log_file=log_file))
    with log_file.open("ab", buffering=0) as samba, Lab(lab_file, backend=shared) as lab:
        samba.write(b"long ago\n")
        with lab.site():
            samba.write(b"now\n")

    assert log_file.read_bytes() == b"now\n"


@pytest.mark.lab
def test_samba_appends_to_its_log_wherever_that_ends(domain: Domain) -> None:
    opened = [
        flags
        for process in Path("/proc").glob("[0-9]*")
        for flags in _flags_of(process, domain.log_file)
        if (process / "exe").resolve().name == "samba"
    ]

    assert opened
    assert all(flags & os.O_APPEND for flags in opened)


def _flags_of(process: Path, file: Path) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for handle in (process / "fd").iterdir():
            if handle.resolve() == file:
                told = (process / "fdinfo" / handle.name).read_text("ascii")
                yield int(told.partition("flags:")[2].split()[0], 8)


def test_nobody_answers_at_a_silent_port() -> None:
    with silent_port("127.0.0.1") as port, pytest.raises(ConnectionRefusedError):
        said(port, b"hello")


def test_scenarios_share_a_lab_and_one_may_be_alone_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAIT_S", 0.05)
    with turn(tmp_path, alone=False), turn(tmp_path, alone=False):
        assert not free(tmp_path, alone=True)
    with turn(tmp_path, alone=True):
        assert not free(tmp_path, alone=False)

    assert free(tmp_path, alone=False)
    assert free(tmp_path, alone=True)


def free(lab: Path, *, alone: bool) -> bool:
    try:
        with turn(lab, alone=alone):
            return True
    except LabError as error:
        return "another scenario holds the lab" not in error.cause


def test_the_names_of_a_scenarios_things_are_the_same_in_every_run() -> None:
    assert order(scenario="x").tag == order("kdc-down", scenario="x").tag
    assert order(scenario="x").tag != order(scenario="y").tag

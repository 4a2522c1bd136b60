"""Where a command runs its joins: small enough to be handed to another process, which opens it there."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import click

from hybridjoin.lab.backend import backend_name
from hybridjoin.lab.live import NOT_LIVE, Live
from hybridjoin.lab.process.needs import ports_refused
from hybridjoin.lab.process.own_network import NOTE, enter_own_network
from hybridjoin.lab.provider import Provider, need_libraries
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.load import load_lab_file
from hybridjoin.scenario.site.site_file import load_site_file
from hybridjoin.signals import nobody_watching


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlace:
    """A site file or a lab's backend, as the command line named them; `live` is what was said of Microsoft's own."""

    site_file: Path | None = None
    backend: str | None = None
    live: Live = NOT_LIVE

    def open(self) -> AbstractContextManager[Provider]:
        """Return the provider; labs are brought up when a scenario first asks, and taken down at the end.

        Raises:
            LabError: libraries are missing that come with an extra, or a lab's ports are refused.
        """
        need_libraries(site=self.site_file is not None, backend=self.backend)
        self.settle()
        return self.named()

    def settle(self) -> None:
        """Where a lab of processes would be refused its ports, go on in a network of our own, and say so.

        Only where a lab is to be started, and before any thread is: a site of the user's own is not in that network.

        Raises:
            LabError: the ports are refused, and so is a network of our own.
        """
        if self.site_file is not None or not ports_refused() or "HYBRIDJOIN_DOMAIN" in os.environ:
            return
        if backend_name(self.backend) != "process":
            return
        with nobody_watching():
            if threading.active_count() > 1:
                return
            enter_own_network()
        click.echo(f"hybridjoin: {NOTE}", err=True)

    def named(self) -> AbstractContextManager[Provider]:
        """Return the provider for whoever only asks what there is: no extra is needed for that."""
        return Provider(site_file=self.site_file, backend=self.backend, live=self.live)

    def knows_person(self, name: str) -> bool:
        """Tell whether the place has a person of that name whose password it knows."""
        if self.site_file is not None:
            return load_site_file(self.site_file).site.person(name) is not None
        lab_file = load_lab_file(default_lab_path())
        known = (each for item in lab_file.users for each in (item.name, lab_file.user_principal_name(item)))
        return name.lower() in {each.lower() for each in known}

    @property
    def has_double(self) -> bool:
        """Whether a double answers in the tenant's stead, for as long as a command lives."""
        return self.site_file is None or load_site_file(self.site_file).double is not None

    @property
    def first_device(self) -> str:
        """The computer that joins where none is named: the lab's everyday one, or the first of the site."""
        if self.site_file is not None:
            return load_site_file(self.site_file).site.devices[0].name
        return load_lab_file(default_lab_path()).everyday_device.name

"""The Docker engine as the lab sees it: a client that works or says why not, and archives in and out of containers."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

import docker
from docker.errors import DockerException
from docker.models.containers import Container

from hybridjoin.errors import LabError

BLOCK = 1 << 20
REMEDY = "start the engine (systemctl start docker), or take the other backend: --lab process"


@contextmanager
def asking_engine(to_do: str) -> Iterator[None]:
    """Turn whatever the engine or the way to it says against `to_do` into a LabError.

    docker-py lets the exceptions of its HTTP library through when the engine goes away; they are OSErrors.

    Raises:
        LabError: the engine refuses, or is gone.
    """
    try:
        yield
    except DockerException as error:
        raise LabError(f"the Docker engine could not {to_do}: {error}", remedy=REMEDY) from error
    except OSError as error:
        raise LabError(f"the Docker engine went away, asked to {to_do}: {error}", remedy=REMEDY) from error


@contextmanager
def engine() -> Iterator[docker.DockerClient]:
    """Open a client of the engine that docker's environment variables name."""
    with asking_engine("answer"):
        client = docker.from_env()
    try:
        yield client
    finally:
        client.close()


def pack(
    files: Iterable[tuple[PurePosixPath, Path | bytes]], *, folders: Iterable[PurePosixPath] = (), mode: int = 0o644
) -> IO[bytes]:
    """Make a tar archive, all of it owned by root; the caller closes it.

    `files` are files or whole folders of this machine, or contents made up, whose mode is `mode`.
    """
    # Not a `with`: the archive is handed to the engine, which reads it as a stream.
    archive = tempfile.TemporaryFile()  # noqa: SIM115
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for folder in folders:
            entry = tarfile.TarInfo(str(folder))
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        for name, content in files:
            if isinstance(content, bytes):
                entry = tarfile.TarInfo(str(name))
                entry.size, entry.mode = len(content), mode
                tar.addfile(entry, io.BytesIO(content))
            else:
                tar.add(content, arcname=str(name), filter=_owned_by_root)
    archive.seek(0)
    return archive


def _owned_by_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def put_file(container: Container, name: PurePosixPath, content: Path) -> None:
    """Write a file into a folder of a container."""
    with pack([(PurePosixPath(name.name), content)]) as archive:
        container.put_archive(str(name.parent), archive)


def fetch_folder(container: Container, folder: PurePosixPath, target: Path) -> None:
    """Copy a folder's content out of a container: regular files and folders, nothing outside `target`."""
    chunks, _ = container.get_archive(str(folder), chunk_size=BLOCK)
    with tempfile.TemporaryFile() as archive:
        for chunk in chunks:
            archive.write(chunk)
        archive.seek(0)
        with tarfile.open(fileobj=archive, mode="r") as tar:
            for entry in tar:
                _extract(tar, entry, target)


def _extract(tar: tarfile.TarFile, entry: tarfile.TarInfo, target: Path) -> None:
    """Write one entry below `target`, without its first step: the archive starts with the folder's own name.

    By hand, since Python 3.11.2's tarfile has no extraction filters yet.
    """
    steps = PurePosixPath(entry.name).parts[1:]
    if ".." in steps or not steps:
        return
    place = target.joinpath(*steps)
    if entry.isdir():
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif (content := tar.extractfile(entry)) is not None and entry.isreg():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.write_bytes(content.read())
        place.chmod(entry.mode & 0o700)

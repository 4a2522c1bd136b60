"""The lab's images, built here: their Debian base is pulled where a registry answers, and made where none does."""

from __future__ import annotations

import hashlib
import logging
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import docker
import filelock
from docker.errors import APIError, DockerException, ImageNotFound

from hybridjoin.errors import LabError
from hybridjoin.lab.docker.client import asking_engine, pack
from hybridjoin.lab.golden import FACTS_FILE, provision_script
from hybridjoin.lab.places import cache_root
from hybridjoin.lab.smb_conf import FOLDERS
from hybridjoin.shipped import PACKAGE, shipped

PUBLIC_BASE = "debian:bookworm-slim"
OWN_BASE = "hybridjoin/debian:bookworm-slim"
IMAGE_LABEL = "hybridjoin.image"
GOLDEN_LABEL = "hybridjoin.golden"
GOLDEN_ROOT = PurePosixPath("/var/lib/hybridjoin")
TAG_LENGTH = 16
REGISTRY_ANSWERS_WITHIN_S = 20
LOG_LINES = 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A build context: every file by its name in the context, the Dockerfile among them."""

    name: str
    files: tuple[tuple[str, Path], ...]

    @property
    def tag(self) -> str:
        """The image's tag, made from the context's content: another content is another image."""
        digest = hashlib.sha256()
        for name, path in sorted(self.files):
            for part in (name.encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8, "big") + part)
        return f"hybridjoin/{self.name}:{digest.hexdigest()[:TAG_LENGTH]}"


def containers_folder() -> Path:
    """Return the build contexts' folder, from the checkout or from the installed package."""
    return shipped("containers")


def controller_recipe() -> Recipe:
    """Return how the domain controller's image is built."""
    folder = containers_folder() / "samba-ad-dc"
    return Recipe(
        name="samba-ad-dc", files=tuple((name, folder / name) for name in ("Dockerfile", provision_script().name))
    )


def doubles_recipe() -> Recipe:
    """Return how the doubles' image is built: their own files, the mutations they are handed, nothing else of ours."""
    rooms = (PACKAGE / "doubles", PACKAGE / "mutations")
    inside = (path for room in rooms for path in sorted(room.rglob("*")) if path.is_file() and path.suffix != ".pyc")
    copied = [PACKAGE / "__init__.py", *inside]
    return Recipe(
        name="doubles",
        files=(
            ("Dockerfile", containers_folder() / "doubles" / "Dockerfile"),
            *((f"harness/hybridjoin/{path.relative_to(PACKAGE).as_posix()}", path) for path in copied),
        ),
    )


def ensure_image(client: docker.DockerClient, recipe: Recipe) -> str:
    """Return the tag of a recipe's image; the first process that wants it builds it, the others wait."""
    tag = recipe.tag
    if _is_there(client, tag):
        return tag
    with _building(recipe.name):
        if not _is_there(client, tag):
            base = ensure_base(client)
            logger.info("building the image %s, once: about half a minute", tag)
            context = pack((PurePosixPath(name), path) for name, path in recipe.files)
            _build(client, recipe.name, tag, context, BASE=base)
    return tag


def ensure_base(client: docker.DockerClient) -> str:
    """Return a Debian base that the engine has, or gets from a registry, or is given by containers/base-image."""
    for tag in (PUBLIC_BASE, OWN_BASE):
        if _is_there(client, tag):
            return tag
    if _pull(PUBLIC_BASE):
        return PUBLIC_BASE
    with _building("base"):
        if not _is_there(client, OWN_BASE):
            _make_base(client)
    return OWN_BASE


def ensure_golden_image(client: docker.DockerClient, golden: Path, controller: str) -> str:
    """Return the image of a golden state: the controller's own with the databases in place, a copy for each start."""
    tag = _golden_tag(golden)
    if _is_there(client, tag):
        return tag
    there = [name for name in FOLDERS if (golden / name).is_dir()]
    with _building(f"golden-{golden.name}"):
        if not _is_there(client, tag):
            script = f'FROM {controller}\nCOPY golden {GOLDEN_ROOT}\nLABEL {GOLDEN_LABEL}="{golden}"\n'
            context = pack(
                [
                    (PurePosixPath("Dockerfile"), script.encode()),
                    *((PurePosixPath("golden", name), golden / name) for name in there),
                ],
                folders=[PurePosixPath("golden", name) for name in FOLDERS if name not in there],
            )
            _build(client, "golden", tag, context)
    return tag


def _golden_tag(golden: Path) -> str:
    """Return a golden state's tag: the folder's name says what it was made from, its facts which making of it this is.

    One that was thrown away and made again has other keys.
    """
    facts = hashlib.sha256((golden / FACTS_FILE).read_bytes()).hexdigest()
    return f"hybridjoin/golden:{golden.name[:TAG_LENGTH]}-{facts[:TAG_LENGTH]}"


def prune_golden_images(client: docker.DockerClient) -> tuple[str, ...]:
    """Remove the images of golden states that this cache no longer has; return their tags."""
    with asking_engine("list its images"):
        images = client.images.list(filters={"label": GOLDEN_LABEL})
    removed = []
    for image in images:
        golden = Path(image.labels[GOLDEN_LABEL])
        if golden.parent != cache_root() or (golden.is_dir() and _golden_tag(golden) in image.tags):
            continue
        for tag in image.tags:
            # One that is in use stays until the next time.
            with asking_engine("remove an image"), suppress(APIError):
                client.images.remove(tag)
                removed.append(tag)
    return tuple(removed)


def _is_there(client: docker.DockerClient, tag: str) -> bool:
    with asking_engine(f"look up the image {tag}"):
        try:
            client.images.get(tag)
        except ImageNotFound:
            return False
        return True


def _building(name: str) -> filelock.BaseFileLock:
    root = cache_root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return filelock.FileLock(root / f"image-{name}.lock")


def _build(client: docker.DockerClient, name: str, tag: str, context: IO[bytes], **arguments: str) -> None:
    log: list[str] = []
    with asking_engine(f"build the image {name}"), context:
        steps = client.api.build(
            fileobj=context,
            custom_context=True,
            tag=tag,
            buildargs=arguments,
            labels={IMAGE_LABEL: name},
            rm=True,
            forcerm=True,
            decode=True,
        )
        for step in steps:
            log.extend(str(step.get("stream", "")).splitlines())
            if "error" in step:
                raise LabError(
                    f"building the image {name} failed: {step['error']}",
                    remedy="its packages come from the Debian mirror that the base image names: is it reachable?",
                    log_tail="\n".join(log[-LOG_LINES:]),
                )


def _pull(tag: str) -> bool:
    """Try to pull a public image; False where no registry answers soon, which is usual and no trouble."""
    logger.info("asking for the image %s", tag)
    try:
        client = docker.from_env(timeout=REGISTRY_ANSWERS_WITHIN_S)
        try:
            return not any("error" in line for line in _events(client, tag))
        finally:
            client.close()
    except (DockerException, OSError) as error:
        logger.info("no registry gave %s: %s", tag, error)
        return False


def _events(client: docker.DockerClient, tag: str) -> Iterator[Mapping[str, Any]]:
    name, _, version = tag.partition(":")
    yield from client.api.pull(name, tag=version, stream=True, decode=True)


def _make_base(client: docker.DockerClient) -> None:
    """Make the Debian base with containers/base-image and hand it to the engine."""
    if shutil.which("mmdebstrap") is None:
        raise LabError(
            f"the image {PUBLIC_BASE} cannot be pulled here, and mmdebstrap, which makes one like it, is not installed",
            remedy="apt-get install -y mmdebstrap, or let the engine have that image, or --lab process",
        )
    logger.info("making the Debian base %s, once: about half a minute", OWN_BASE)
    script = containers_folder() / "base-image"
    with tempfile.TemporaryFile() as archive:
        done = subprocess.run(
            [script, "--stdout"], stdin=subprocess.DEVNULL, stdout=archive, stderr=subprocess.PIPE, check=False
        )
        if done.returncode:
            raise LabError(
                f"{script} failed with exit code {done.returncode}",
                remedy="it needs a Debian mirror; HYBRIDJOIN_DEBIAN_MIRROR names one",
                log_tail="\n".join(done.stderr.decode("utf-8", "replace").splitlines()[-LOG_LINES:]),
            )
        archive.seek(0)
        with asking_engine("take the Debian base in"):
            name, _, version = OWN_BASE.partition(":")
            client.api.import_image(
                src=archive, repository=name, tag=version, changes=['CMD ["bash"]', f"LABEL {IMAGE_LABEL}=base"]
            )

"""Metro's token service in Tomcat, which publishes its own metadata: the WSDL by GET, WS-MetadataExchange by POST."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.peers import java
from tests.peers.catalogue import Peer, Place, Program
from tests.peers.metro import peer as metro

HERE = Path(__file__).parent
SOURCES = (HERE / "MetroMex.java", metro.SOURCE)


def fetch(folder: Path) -> None:
    """Bring the jars and compile the glue, most of which is the other mode's."""
    java.fetch(folder, SOURCES[0], HERE / "jars.sha256", *SOURCES[1:])


def programs(folder: Path, place: Place, mistake: str) -> tuple[Program, ...]:
    """Lay out what a servlet container reads, and say how the JVM is started."""
    deployed = place.folder / "web" / "WEB-INF"
    (deployed / "wsdl").mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "sun-jaxws.xml", deployed)
    shutil.copy(HERE / "mex.wsdl", deployed / "wsdl")
    classes = (java.classes_of(folder, *SOURCES), metro.SERVICES, HERE / "services")
    command = metro.jvm(folder, place, mistake, *classes)
    return (Program(command=(*command, "MetroMex"), environment={}),)


PEER = Peer(
    name="metromex",
    title="Metro 2.4.10 in Tomcat",
    host="sts.metromex.example",
    trusts=("1.3", "2005"),
    mistakes=(
        "accounttype-namespace",
        "accounttype-user",
        "big-endian-guid",
        "group-sid",
        "metadata-by-post",
    ),
    lock="jars.sha256",
    fetch=fetch,
    programs=programs,
    ready="/sts/13/windowstransport",
    glue="metro",
)

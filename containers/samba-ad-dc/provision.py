"""Make an Active Directory domain from a JSON description: `provision.py SPEC.json TARGET`.

Runs under the Python that Samba's bindings belong to (Debian: /usr/bin/python3), as any user, without
capabilities: the file system ACLs of sysvol are the one thing that would want privileges, and nothing
here serves files. TARGET receives the databases (`private/`, `state/`), a keytab and a password file
for each account (`keytabs/`, `secrets/`) and what was made (`facts.json`).
"""

import base64
import json
import logging
import os
import secrets
import struct
import sys
from pathlib import Path

import ldb
import samba
import samba.dckeytab  # gives Net its export_keytab
from samba.auth import system_session
from samba.dcerpc import misc, security
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.ndr import ndr_unpack
from samba.net import Net
from samba.param import LoadParm
from samba.provision import provision
from samba.samdb import SamDB

ACCOUNT_DISABLED = 0x2
NORMAL_ACCOUNT = 0x200
WORKSTATION_TRUST_ACCOUNT = 0x1000
SCP_NAME = "62a0ff2e-97b9-4513-943f-0d221bd30080"
NEVER = "-9223372036854775808"
KEYTAB_VERSION = b"\x05\x02"
# The group ffdhe2048 of RFC 7919. Without a file, samba makes a group of its own at each start, in 0.1 to 2 seconds.
DH_PARAMETERS = """\
-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
"""


def main(spec_file: Path, target: Path) -> None:
    """Provision the domain, fill it, and write down what it holds."""
    os.umask(0o077)
    spec = json.loads(spec_file.read_text("utf-8"))
    for folder in ("etc", "keytabs", "secrets", "lock", "cache", "run"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    parameters = load_parameters(spec, target)
    result = provision(
        logging.getLogger("provision"),
        system_session(),
        smbconf=str(target / "etc" / "smb.conf"),
        targetdir=str(target),
        realm=spec["realm"],
        domain=spec["netbios"],
        hostname=spec["domain_controller"],
        hostip="127.0.0.1",
        adminpass=keep_password(target, "Administrator"),
        serverrole="active directory domain controller",
        dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
        dns_backend="NONE",
        skip_sysvolacl=True,
    )
    (target / "private" / "dhparams.pem").write_text(DH_PARAMETERS, "utf-8")
    directory = result.samdb
    accounts = fill(directory, spec, target)
    export_keytabs(Net(None, parameters), spec, target)
    facts = {
        "samba": samba.version,
        "realm": spec["realm"],
        "base_dn": str(directory.domain_dn()),
        "domain_sid": directory.get_domain_sid(),
        "accounts": accounts,
    }
    (target / "facts.json").write_text(json.dumps(facts, indent=1, sort_keys=True), "utf-8")


def load_parameters(spec: dict, target: Path) -> LoadParm:
    """Write the smb.conf that provisioning works with; whoever starts the DC writes another one."""
    lines = [
        "[global]",
        f"netbios name = {spec['domain_controller'].upper()}",
        f"realm = {spec['realm']}",
        f"workgroup = {spec['netbios']}",
        "server role = active directory domain controller",
        "interfaces = lo",
        "bind interfaces only = yes",
        f"private dir = {target}/private",
        f"state directory = {target}/state",
        f"lock directory = {target}/lock",
        f"cache directory = {target}/cache",
        f"pid directory = {target}/run",
        "[sysvol]",
        f"path = {target}/state/sysvol",
        "[netlogon]",
        f"path = {target}/state/sysvol/{spec['realm'].lower()}/scripts",
    ]
    config = target / "etc" / "smb.conf"
    config.write_text("\n".join(lines) + "\n", "utf-8")
    parameters = LoadParm()
    parameters.load(str(config))
    return parameters


def keep_password(target: Path, account: str) -> str:
    """Make a random password that satisfies any complexity rule and keep it in a file of its own."""
    password = f"Aa1.{secrets.token_urlsafe(24)}"
    (target / "secrets" / f"{account}.password").write_text(password, "utf-8")
    return password


def fill(directory: SamDB, spec: dict, target: Path) -> dict:
    """Add everything the description names; one transaction, so that it costs one flush."""
    base = str(directory.domain_dn())
    directory.transaction_start()
    try:
        let_passwords_live(directory, base)
        name_the_domain_controller(directory, spec, base)
        for account in spec["accounts"]:
            add_account(directory, account, base, keep_password(target, account["sAMAccountName"]))
        for group in spec["groups"]:
            add_group(directory, group)
        if spec["service_connection_point"]:
            add_service_connection_point(directory, spec["service_connection_point"])
        add_ldif(directory, spec["ldif"].replace("${BASE_DN}", base))
    except BaseException:
        directory.transaction_cancel()
        raise
    directory.transaction_commit()
    return {name: describe(directory, name) for name in names_of(spec)}


def names_of(spec: dict) -> list:
    """Return the sAMAccountName of everybody whom the facts describe."""
    return [item["sAMAccountName"] for item in (*spec["accounts"], *spec["groups"])]


def let_passwords_live(directory: SamDB, base: str) -> None:
    """Switch password ageing off: a golden state may be started months after it was made."""
    change(directory, base, ldb.FLAG_MOD_REPLACE, maxPwdAge=NEVER)


def name_the_domain_controller(directory: SamDB, spec: dict, base: str) -> None:
    """Give the DC an ldap/ SPN for each name that clients dial it by.

    Provisioning leaves these to samba_spnupdate, and AD's alias of host/ does not cover ldap/.
    """
    name = spec["domain_controller"].upper()
    spns = [f"ldap/{host}" for host in spec["dialled_hosts"]]
    change(directory, f"CN={name},OU=Domain Controllers,{base}", ldb.FLAG_MOD_ADD, servicePrincipalName=spns)


def change(directory: SamDB, name: str, how: int, **attributes: object) -> None:
    """Modify one object."""
    message = ldb.Message(ldb.Dn(directory, name))
    for attribute, value in attributes.items():
        message[attribute] = ldb.MessageElement(value, how, attribute)
    directory.modify(message)


def add_account(directory: SamDB, account: dict, base: str, password: str) -> None:
    """Add a computer, user or service account, with the objectGUID that the description may demand."""
    computer = account["kind"] == "computer"
    control = WORKSTATION_TRUST_ACCOUNT if computer else NORMAL_ACCOUNT
    message = {
        "dn": f"CN={account['name']},CN={'Computers' if computer else 'Users'},{base}",
        "objectClass": "computer" if computer else "user",
        "sAMAccountName": account["sAMAccountName"],
        "userAccountControl": str(control if account["enabled"] else control | ACCOUNT_DISABLED),
        "clearTextPassword": password.encode("utf-16-le"),
    }
    if account["objectGUID"]:
        message["objectGUID"] = base64.b64decode(account["objectGUID"])
    for attribute, values in account["attributes"].items():
        message[attribute] = [base64.b64decode(value) for value in values]
    # The relax control is what lets a caller choose an objectGUID.
    directory.add(message, controls=["relax:0"])


def add_group(directory: SamDB, group: dict) -> None:
    """Add a global security group with its members."""
    directory.newgroup(group["name"])
    if group["members"]:
        directory.add_remove_group_members(group["name"], group["members"], add_members_operation=True)


def add_service_connection_point(directory: SamDB, keywords: list) -> None:
    """Add the container and the object that devices read their tenant from."""
    container = f"CN=Device Registration Configuration,CN=Services,{directory.get_config_basedn()}"
    directory.add({"dn": container, "objectClass": "container"})
    directory.add({"dn": f"CN={SCP_NAME},{container}", "objectClass": "serviceConnectionPoint", "keywords": keywords})


def add_ldif(directory: SamDB, text: str) -> None:
    """Apply the user's own LDIF: additions, and modifications where a record has a changetype."""
    for kind, message in directory.parse_ldif(text):
        if kind == ldb.CHANGETYPE_MODIFY:
            directory.modify(message)
        elif kind == ldb.CHANGETYPE_DELETE:
            directory.delete(message.dn)
        else:
            directory.add(message)


def describe(directory: SamDB, account: str) -> dict:
    """Return the names that the directory gave to an account."""
    found = directory.search(
        base=directory.domain_dn(),
        scope=ldb.SCOPE_SUBTREE,
        expression=f"(sAMAccountName={ldb.binary_encode(account)})",
        attrs=["objectGUID", "objectSid"],
    )[0]
    return {
        "dn": str(found.dn),
        "objectGUID": str(ndr_unpack(misc.GUID, found["objectGUID"][0])),
        "objectSid": str(ndr_unpack(security.dom_sid, found["objectSid"][0])),
    }


def export_keytabs(net: Net, spec: dict, target: Path) -> None:
    """Write each account's keytab: the account's own name first, then its SPNs, of the wanted key types only."""
    for account in spec["accounts"]:
        whole = target / "keytabs" / "whole"
        net.export_keytab(keytab=str(whole), principal=account["sAMAccountName"])
        keys = [key for key in read_keytab(whole.read_bytes()) if key[0] in account["keytab"]]
        whole.unlink()
        keys.sort(reverse=True, key=lambda key: account["keytab"].index(key[0]) * -1)
        names = [account["sAMAccountName"], *account["keytab_names"]]
        entries = b"".join(keytab_entry(spec["realm"], name, *key) for name in names for key in keys)
        (target / "keytabs" / f"{account['sAMAccountName']}.keytab").write_bytes(KEYTAB_VERSION + entries)


def read_keytab(data: bytes) -> list:
    """Return (encryption type, version, key) of each entry of a keytab (MIT's file format, version 2)."""
    keys, at = [], len(KEYTAB_VERSION)
    while at + 4 <= len(data):
        (length,) = struct.unpack_from(">i", data, at)
        entry, at = data[at + 4 : at + 4 + abs(length)], at + 4 + abs(length)
        if length > 0:
            keys.append(read_keytab_entry(entry))
    return keys


def read_keytab_entry(entry: bytes) -> tuple:
    """Read one entry: principal, name type, time, short version, key, and the long version where there is room."""
    (components,) = struct.unpack_from(">H", entry, 0)
    at = 2
    for _ in range(components + 1):
        (size,) = struct.unpack_from(">H", entry, at)
        at += 2 + size
    version, kind, size = struct.unpack_from(">8xBHH", entry, at)
    key = entry[at + 13 : at + 13 + size]
    tail = entry[at + 13 + size :]
    if len(tail) >= 4:
        version = struct.unpack(">I", tail[:4])[0] or version
    return kind, version, key


def keytab_entry(realm: str, name: str, kind: int, version: int, key: bytes) -> bytes:
    """Write one entry for a principal of the realm."""
    parts = [part.encode() for part in name.split("/")]
    entry = struct.pack(">H", len(parts))
    for text in (realm.encode(), *parts):
        entry += struct.pack(">H", len(text)) + text
    entry += struct.pack(">IIBHH", 1, 0, version & 0xFF, kind, len(key)) + key + struct.pack(">I", version)
    return struct.pack(">i", len(entry)) + entry


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    main(Path(sys.argv[1]), Path(sys.argv[2]).absolute())

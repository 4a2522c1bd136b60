"""A password that is checked at the real KDC: what the log says of it, and that the answer says nothing more."""

from __future__ import annotations

import pytest

from hybridjoin.doubles.idp.config import ConfigError
from tests.doubles.idp.caller import ADFS, Place, claims_of, fault_of
from tests.doubles.idp.conftest import ConfigMaker
from tests.doubles.idp.test_live_directory import with_password

NEEDS = "a password check by Kerberos needs the path of a krb5.conf"


@pytest.mark.lab
@pytest.mark.parametrize(
    ("name", "suffix", "noted"),
    [
        ("carol", "x", "Password Check Failed: carol: wrong ("),
        ("dave", "", "Password Check Failed: dave: disabled-or-locked ("),
        ("nobody", "x", "User Lookup Failed"),
    ],
)
def test_the_log_says_what_the_kdc_said_and_the_answer_does_not(
    place: Place, name: str, suffix: str, noted: str
) -> None:
    where = str(place.domain.directory.krb5_config)
    idp = place.idp(profile="adfs", password_check="kerberos", krb5_config=where)
    password = place.domain.passwords["carol" if name == "nobody" else name].read_text().strip() + suffix

    reply = idp.client.post(f"{idp.url}{ADFS}/2005/usernamemixed", data=with_password(name, password, "2005"))

    assert fault_of(reply) == "FailedAuthentication"
    assert "The name or the password is wrong." in reply.text
    assert any(line.startswith(noted) for line in idp.audit())
    assert password not in reply.text + "".join(idp.audit())


@pytest.mark.lab
def test_the_right_password_gets_a_token_and_a_kdc_that_is_away_is_no_wrong_password(place: Place) -> None:
    where = place.domain.directory.krb5_config
    password = place.domain.passwords["carol"].read_text().strip()
    body = with_password("carol", password, "2005")
    good = place.idp(profile="adfs", password_check="kerberos", krb5_config=str(where))
    assert claims_of(good.client.post(f"{good.url}{ADFS}/2005/usernamemixed", data=body))

    away = place.idp(profile="adfs", password_check="kerberos", krb5_config="/dev/null")
    assert fault_of(away.client.post(f"{away.url}{ADFS}/2005/usernamemixed", data=body)) == "RequestFailed"


def test_it_is_told_where_the_kdc_is(make_config: ConfigMaker) -> None:
    with pytest.raises(ConfigError, match=NEEDS):
        make_config(password_check="kerberos")

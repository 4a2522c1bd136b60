from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.protocol.guid import decode_guid, encode_guid

# Values that others published beside their GUIDs: on device join, in MSAL's test data, in a vendor's manual.
VECTORS = [
    ("5c0c4151-e2aa-435e-987a-a97ae798c444", "UUEMXKriXkOYeql655jERA=="),
    ("f24f116f-6e80-425d-8236-09803da7dfbe", "bxFP8oBuXUKCNgmAPaffvg=="),
    ("663cb1d1-bd4b-412f-a673-14f04ea55622", "0bE8Zku9L0GmcxTwTqVWIg=="),
    ("7754d487-1fc3-4206-9e95-ce012f1586e5", "h9RUd8MfBkKelc4BLxWG5Q=="),
    ("7ea2e22f-31cb-4c97-89eb-1b4501aafe40", "L+Kifssxl0yJ6xtFAar+QA=="),
]


@pytest.mark.parametrize(("guid", "text"), VECTORS)
def test_a_guid_is_encoded_in_the_directorys_order(guid: str, text: str) -> None:
    assert encode_guid(uuid.UUID(guid)) == text
    assert decode_guid(text) == uuid.UUID(guid)


@given(st.uuids())
def test_what_is_encoded_is_decoded_again(guid: uuid.UUID) -> None:
    assert decode_guid(encode_guid(guid)) == guid


@pytest.mark.parametrize("text", ["", "AAAA", "UUEMXKriXkOYeql655jERA", "not base64!", "UUEMXKriXkOYeql655jERA==x"])
def test_other_texts_are_no_guid(text: str) -> None:
    assert decode_guid(text) is None

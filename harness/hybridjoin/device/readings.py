"""How live hands read what is secret: the octets are theirs, and only the reading leaves them."""

from __future__ import annotations

from hybridjoin.device.needs import (
    Read,
    ReadAccessToken,
    ReadClientSecret,
    ReadDeviceKey,
    ReadIdToken,
    ReadNegotiate,
    ReadSessionKey,
    ReadSignature,
)
from hybridjoin.model.reading import AccessTokenReading, DeviceKeyReading, NegotiateReading, Reading
from hybridjoin.protocol import enrolment, id_token, negotiate, oauth, prt
from hybridjoin.protocol.signature import read_signature


def read(need: Read) -> Reading:
    """Answer a need for a reading.

    Raises:
        PeerError: The octets are not what they should be.
    """
    match need:
        case ReadSignature():
            return read_signature(
                need.assertion_xml,
                assertion_id=need.assertion_id,
                trusted_certificates=need.trusted_certificates,
                issued_at=need.issued_at,
            )
        case ReadAccessToken():
            return AccessTokenReading(claims=oauth.read_jwt_claims(need.access_token))
        case ReadDeviceKey():
            return DeviceKeyReading(ours=enrolment.is_for(need.certificate, need.key))
        case ReadNegotiate():
            return NegotiateReading(token=negotiate.server_token(need.headers))
        case ReadIdToken():
            return id_token.read_id_token(need.id_token, keys=need.keys)
        case ReadClientSecret():
            return id_token.read_client_secret(need.secret, client_id=need.client_id)
        case ReadSessionKey():
            return prt.read_session_key(need.jwe, need.transport_key)

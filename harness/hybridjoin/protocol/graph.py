"""What Microsoft Graph answers to the question for a person's groups."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.errors import PeerError
from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol import json_text


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer:
    """The groups that Graph told, by their ids; or the word that it refused with, and its HTTP status."""

    http_status: int
    ids: tuple[str, ...] = ()
    refusal: str = ""
    message: str = ""
    next_page: str = ""


def parse_groups(reply: HttpReply) -> GroupAnswer:
    """Read an answer about groups: ids alone, or objects with them.

    Raises:
        PeerError: it is neither that nor Graph's error.
    """
    where = f"Graph (HTTP {reply.status})"
    answer = json_text.read_object(reply.body, where=where)
    if reply.status != 200:
        refusal = json_text.text(answer, "error", "code")
        if not refusal:
            raise PeerError(f"expected an error of Graph's, found {json_text.member_names(answer)}", where=where)
        message = json_text.text(answer, "error", "message")
        return GroupAnswer(http_status=reply.status, refusal=refusal, message=message)
    found = json_text.member(answer, "value")
    if not isinstance(found, list):
        raise PeerError(f"expected value, found {json_text.member_names(answer)}", where=where)
    ids = (item if isinstance(item, str) else json_text.text(item, "id") for item in found)
    following = answer.get("@odata.nextLink")
    return GroupAnswer(
        http_status=reply.status,
        ids=tuple(json_text.writable(item) for item in ids if item),
        next_page=following if isinstance(following, str) else "",
    )

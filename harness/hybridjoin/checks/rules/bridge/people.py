"""Who the user is, and in which groups: userinfo, the id_token's groups, and Graph."""

from __future__ import annotations

from hybridjoin.checks.places import in_answer
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement
from hybridjoin.model.reading import AccessTokenReading, IdTokenReading
from hybridjoin.model.relying_party import GroupsFrom, RelyingParty
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.graph import GroupAnswer
from hybridjoin.protocol.openid import UserInfo

_ID_TOKEN = in_answer(Step.TOKEN, "id_token")
_OF_OTHERS = ("GroupMember.Read.All", "Group.Read.All", "Directory.Read.All")
_OWN = ("User.Read", "User.Read.All", *_OF_OTHERS)
_NEEDED = {GroupsFrom.GRAPH_ME: _OWN, GroupsFrom.GRAPH_USER: _OF_OTHERS, GroupsFrom.GRAPH_ALL: _OF_OTHERS}
_NOWHERE = (GroupsFrom.ACCESS_TOKEN, GroupsFrom.USERINFO)


@requirement(
    "BRIDGE-24",
    Level.MUST,
    "OIDC 5.3.2",
    remedy="Throw userinfo away: it speaks of somebody else than the id_token.",
    verified=True,
)
def userinfo_is_about_the_same_person(info: UserInfo, token: IdTokenReading) -> Finding:
    """The sub of userinfo is that of the id_token."""
    wanted = token.claim("sub")
    return expect(info.sub == wanted, expected=wanted, found=info.sub, where=in_answer(Step.USERINFO, "sub"))


@requirement(
    "BRIDGE-25",
    Level.SHOULD,
    "MS-USERINFO Consider using an ID token instead",
    remedy="Fill the user's mail attribute, and ask for the scope email; or map preferred_username, which all have.",
)
def an_address_comes_along(token: IdTokenReading, info: UserInfo, party: RelyingParty) -> Finding:
    """The user's mail address comes along, in the id_token or in userinfo, for bridges that know people by it."""
    found = token.claim("email") or info.email
    words = "though email was asked for" if "email" in party.scopes else "and the scope email was not asked for"
    where = in_answer(Step.USERINFO, "email" if info.email else "sub") if not token.claim("email") else _ID_TOKEN
    return expect(found, expected="email", found=found or f"none, {words}", where=where)


@requirement(
    "BRIDGE-26",
    Level.SHOULD,
    "MS-OPTIONAL Configure directory extension optional claims",
    remedy="Read the groups from the id_token, or ask Graph's me/getMemberGroups. The access token is Graph's own: "
    "what is in it follows Graph's manifest, not yours, whatever step 13 of PingOne's page says.",
    verified=True,
)
def groups_are_looked_for_where_they_are(party: RelyingParty, _: IdTokenReading) -> Finding:
    """The bridge looks for groups in the id_token or asks Graph, and not in the access token or userinfo."""
    found = party.groups_from
    return expect(found not in _NOWHERE, expected="id-token or graph", found=found.value, where=_ID_TOKEN)


@requirement(
    "BRIDGE-27",
    Level.SHOULD,
    "MS-OPTIONAL Configure groups optional claims",
    remedy="In the application's manifest set groupMembershipClaims to SecurityGroup or All (it is null at first), or "
    "put the user into a group.",
    verified=True,
)
def groups_come_where_they_are_read(token: IdTokenReading, party: RelyingParty) -> Finding:
    """The id_token tells the user's groups where the bridge reads them there."""
    if party.groups_from is not GroupsFrom.ID_TOKEN:
        return not_applicable("the bridge reads groups elsewhere")
    if token.overage:
        return not_applicable("the groups are only pointed at, which BRIDGE-28 judges")
    found = f"{len(token.groups)} groups" if token.groups else "no groups"
    return expect(token.groups, expected="groups", found=found, where=_ID_TOKEN)


@requirement(
    "BRIDGE-28",
    Level.SHOULD,
    "MS-OPTIONAL Configure groups optional claims",
    remedy="Ask Graph's me/getMemberGroups with User.Read, or set ApplicationGroup and assign the few groups that "
    "count. The address in _claim_sources is of a retired service.",
    verified=True,
)
def groups_fit_into_the_token(token: IdTokenReading, party: RelyingParty) -> Finding:
    """The user is in no more groups than a token carries, 200, where the bridge reads them there."""
    if party.groups_from is not GroupsFrom.ID_TOKEN:
        return not_applicable("the bridge reads groups elsewhere")
    found = "only a pointer to them" if token.overage else "no pointer"
    return expect(not token.overage, expected="the groups themselves", found=found, where=_ID_TOKEN)


@requirement(
    "BRIDGE-29",
    Level.SHOULD,
    "MS-ACCESSTOKEN Payload claims",
    remedy="Add the permission as a delegated one (GroupMember.Read.All, or Group.Read.All) and grant admin consent; "
    "an application permission, which step 11 of PingOne's page adds, is in no signed-in user's token. For the user's "
    "own groups ask me/…, for which User.Read is enough.",
    verified=True,
)
def the_token_permits_the_question(access: AccessTokenReading, party: RelyingParty) -> Finding:
    """The user's access token carries a permission for the groups that the bridge asks Graph for."""
    needed = _NEEDED.get(party.groups_from)
    if needed is None:
        return not_applicable("the bridge does not ask Graph for groups")
    told = dict(access.claims).get("scp", "")
    if not access.claims:
        return not_applicable("the access token is opaque")
    where = in_answer(Step.TOKEN, "access_token")
    return expect(not set(needed).isdisjoint(told.split()), expected=" or ".join(needed), found=told, where=where)


@requirement(
    "BRIDGE-30",
    Level.SHOULD,
    "MS-GRAPH Delegated permissions",
    remedy="See BRIDGE-29 where the permission is missing; else look at the sign-in log of Graph for the request id.",
)
def graph_tells_the_groups(answer: GroupAnswer, access: AccessTokenReading, party: RelyingParty) -> Finding:
    """Graph answers the bridge's question for groups."""
    needed, told = _NEEDED.get(party.groups_from, ()), dict(access.claims).get("scp", "").split()
    if answer.refusal and access.claims and set(needed).isdisjoint(told):
        return not_applicable("the token lacks the permission, which BRIDGE-29 judges")
    found = answer.refusal or f"{len(answer.ids)} groups"
    where = in_answer(Step.GROUPS, "error" if answer.refusal else "value")
    return expect(not answer.refusal, expected="the groups", found=found, where=where)

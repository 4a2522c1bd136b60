"""Causes that several codes share: the claims, the issuer, the key, the clock and Entra Connect."""

from __future__ import annotations

from hybridjoin.knowledge.article import cause

_FORMATS = "Applications > Applications > the Microsoft 365 application > Attribute Mappings: click the Pencil icon; at"
_UPDATE = "Update-MgDomainFederationConfiguration -DomainId <domain> -InternalDomainFederationId <Id>"

NAMESPACE = cause(
    "A device claim stands in the wrong namespace, so Entra does not see a device and looks for a user.",
    "AttributeNamespace of accounttype, onpremobjectguid and primarysid in the assertion; the claim table shows both.",
    checks="CLAIM-01:wrong-namespace CLAIM-03:wrong-namespace CLAIM-05:wrong-namespace",
    related="SAML-14",
    pingone=f"{_FORMATS} accounttype, onpremobjectguid and primarysid More Options (⋮) > Update NameFormat: "
    "http://schemas.microsoft.com/ws/2012/01, http://schemas.microsoft.com/identity/claims and "
    "http://schemas.microsoft.com/ws/2008/06/identity/claims; Save.",
    pingfederate="Register the three claim namespaces for attribute contracts, then choose them in the contract.",
    adfs="Let Entra Connect write the claim rules of the Microsoft Office 365 Identity Platform trust anew.",
)
NOT_MAPPED = cause(
    "A device claim is not there at all: no rule or mapping issues it, or the attribute behind it is empty.",
    "accounttype, onpremobjectguid and primarysid, each once in the assertion; the claim table says which is not.",
    checks="CLAIM-01:missing CLAIM-03:missing CLAIM-05:missing",
    pingone='Attribute Mappings: accounttype is the expression "DJ", onpremobjectguid '
    "#string.uuidAsBase64Guid(user.externalId,null), primarysid the LDAP gateway's attribute for objectSid.",
    pingfederate="Extend the attribute contract by the missing name and fulfil it from the LDAP data store.",
    adfs="Let Entra Connect write the claim rules of the Microsoft Office 365 Identity Platform trust anew; its device "
    "rules ask for a groupsid that ends in -515.",
)
SPELLING = cause(
    "A device claim stands in its namespace under another name than Entra reads, by case or as a whole URI.",
    "AttributeName, letter by letter: accounttype, onpremobjectguid, primarysid.",
    "Spell the name as Entra reads it; what is before the last slash of a claim URI is the namespace.",
    checks="CLAIM-01:wrong-name CLAIM-03:wrong-name CLAIM-05:wrong-name",
    related="SAML-14",
)
ACCOUNT_TYPE = cause(
    "accounttype says something else than DJ: dj, User, Computer, or DJ with something around it.",
    "Compare the value of accounttype with DJ, letter by letter.",
    checks="CLAIM-02:wrong-value",
    pingone='Attribute Mappings: accounttype is the expression "DJ", quotation marks included.',
    adfs="The rule 'Issue account type for domain-joined computers' issues DJ where groupsid ends in -515.",
)
ANCHOR = cause(
    "ImmutableID or the Subject is not the value that Entra Connect synchronized: compare these two first.",
    "base64 of the computer's mS-DS-ConsistencyGuid, and of its objectGUID, against the claims; the claim table says "
    "which of the two came. On devices mS-DS-ConsistencyGuid is often empty.",
    checks="CLAIM-08:wrong-value CLAIM-09:wrong-value",
    pingone="LDAP gateway, user type for hybrid joined devices: map External ID and Username to the same attribute, "
    "mS-DS-ConsistencyGuid, or objectGUID where Entra Connect does not fill the former on computers.",
    adfs="Issue ImmutableID from the attribute that Entra Connect uses as sourceAnchor, for computers as for users.",
)
NO_ANCHOR = cause(
    "ImmutableID or the Subject is not issued for computers, or ImmutableID stands where Entra does not read it.",
    "ImmutableID in http://schemas.microsoft.com/LiveID/Federation/2008/05 or "
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims; Entra asks it of devices where users have it.",
    checks="CLAIM-07:missing CLAIM-07:wrong-namespace CLAIM-07:wrong-name CLAIM-09:missing",
    pingone="Attribute Mappings: ImmutableID with its NameFormat, and the SAML subject, from External ID.",
    adfs="Extend the rule that issues ImmutableID for users to computers.",
)
GUID_ENCODING = cause(
    "onpremobjectguid is not base64 of the 16 bytes of objectGUID in Windows' byte order.",
    "24 characters that end in ==, decoded: the first three groups of the GUID stand byte-reversed. Hex, braces, the "
    "GUID's text in base64, base64url and missing padding are the usual mistakes.",
    checks="CLAIM-04:wrong-value",
    pingone="Attribute Mappings: onpremobjectguid is #string.uuidAsBase64Guid(user.externalId,null).",
    adfs='Query the AD store for ";objectguid;{0}" by windowsaccountname; do not transform the result.',
)
SID = cause(
    "primarysid is not the computer's own SID: a user's, the group's ending in -515, binary SID as text, lower case.",
    "Get-ADComputer <name> -Properties objectSid, compared with primarysid.",
    checks="CLAIM-06:wrong-value",
    pingone="LDAP gateway, user type for hybrid joined devices: map a custom attribute to objectSid, and primarysid "
    "to that attribute.",
    pingfederate="Declare objectSid a binary LDAP attribute and let it be converted to text.",
    adfs="Pass primarysid from AD AUTHORITY through unchanged.",
)
SECOND_RULE = cause(
    "Two rules or mappings issue the same claim.",
    "The claim appears twice, or with two values, in the assertion; for issuerid compare both with the IssuerUris.",
    checks="CLAIM-10 CLAIM-11:duplicate",
    adfs="Exclude computers (accounttype DJ) from the general 'Issue issuerid' rule.",
)
ISSUER = cause(
    "The assertion's Issuer is not the domain's IssuerUri to the last character.",
    "Get-MgDomainFederationConfiguration | Format-List against the assertion: http for https, a trailing slash and "
    "another application id all count. `hybridjoin federation` compares them.",
    checks="SAML-02 FED-16",
    related="FED-01 FED-08",
    entra=f"{_UPDATE} -IssuerUri <the Issuer as the IdP sends it>",
    pingone="Compare IssuerUri with the Overview tab of the Microsoft 365 application.",
)
ISSUER_ID = cause(
    "Several domains share one IdP and issuerid is missing, twice there, or no IssuerUri of the tenant.",
    "The issuerid claim overrides the Issuer: look it up among the IssuerUris of all federated domains.",
    checks="CLAIM-12 CLAIM-10/issuerid:duplicate",
    adfs="Issue one constant issuerid, http://<verified domain>/adfs/services/trust/, for computers.",
)
NOT_FEDERATED = cause(
    "The realm's domain is managed: somebody converted it, or it was never federated.",
    "Get-MgDomain | Select Id, AuthenticationType.",
    checks="REALM-01",
    entra="Federate the domain again (New-MgDomainFederationConfiguration), or point azureADName of the service "
    "connection point at a domain that is federated.",
)
KEY = cause(
    "The IdP signs with a certificate that Entra was not told of, as after a rollover.",
    "The thumbprint of KeyInfo/X509Certificate against SigningCertificate and NextSigningCertificate; "
    "`hybridjoin federation --assertion` compares them.",
    checks="SIG-03 FED-17",
    related="FED-09",
    entra=f"{_UPDATE} -SigningCertificate <base64>; before the next rollover -NextSigningCertificate <base64>",
    adfs="Get-AdfsCertificate -CertificateType Token-Signing names the one that signs (IsPrimary True).",
)
TOUCHED = cause(
    "The assertion does not verify as it arrived: it was changed after it was signed (re-indented, re-encoded, cut out "
    "without its namespaces), or signed wrongly.",
    "The digest of the assertion as it arrived; whether it declares each prefix it uses itself.",
    "Send the assertion on as the very octets that were signed.",
    checks="SIG-02 RSTR-15",
    related="SIG-14 SIG-07 SIG-08",
)
LINE_BREAKS = cause(
    "Line breaks inside SignatureValue, DigestValue or X509Certificate.",
    "Look for &#13; or line ends in those three elements.",
    checks="SIG-11",
    pingfederate="Set org.apache.xml.security.ignoreLineBreaks=true and restart.",
)
UNSIGNED = cause(
    "The assertion carries no signature of its own; only the message around it is signed.",
    "ds:Signature as the last child of the Assertion.",
    "Sign the assertion with one Reference to its AssertionID.",
    checks="SIG-01",
)
SIGNED_OTHERWISE = cause(
    "The signature is not one over the whole assertion: its reference names something else, or there are several.",
    "One ds:Reference, whose URI is # and the AssertionID.",
    "Sign the assertion with one Reference to its AssertionID.",
    checks="SIG-06 SIG-13",
)
CLOCK = cause(
    "The IdP's clock is off.",
    "The Date header of the IdP against a time server; NotBefore and NotOnOrAfter against the time of arrival.",
    "Let the IdP follow a time server; five minutes are tolerated.",
    checks="SAML-06 SAML-05?",
    windows="w32tm /stripchart /computer:<domain controller> /samples:3",
)
LIFETIME = cause(
    "The assertion's window is missing, unreadable or too short for the way to Entra.",
    "Conditions NotBefore and NotOnOrAfter in the assertion.",
    "Issue Conditions with both times, an hour apart.",
    checks="SAML-04 SAML-07 SAML-05?",
    related="RSTR-13",
)
AUDIENCE = cause(
    "The assertion is not meant for Entra.",
    "AudienceRestrictionCondition is to hold urn:federation:MicrosoftOnline.",
    "Set the relying party's identifier to urn:federation:MicrosoftOnline.",
    checks="SAML-08",
)
FORM = cause(
    "The assertion is not SAML 1.1, not complete, or not about a bearer.",
    "MajorVersion 1, MinorVersion 1, AssertionID, Issuer, IssueInstant, and SubjectConfirmation bearer.",
    "Let the IdP issue SAML 1.1 for this relying party.",
    checks="SAML-01 SAML-03 SAML-07 SAML-09 SAML-10 SAML-13",
    pingone="Configuration tab: the STS token type is 'SAML 1.1 for Office 365'.",
    pingfederate="Set the default token type of the connection's WS-Trust STS to SAML 1.1.",
)
NO_ASSERTION = cause(
    "No readable SAML 1.1 assertion came: another kind of token, an encrypted one, several, or a whole response.",
    "RequestedSecurityToken in the RSTR holds saml:Assertion; so does the token request's assertion, decoded.",
    "Let the IdP return the bare assertion inside RequestedSecurityToken.",
    checks="RSTR-08 RSTR-17 RSTR-09",
)
NOT_SYNCED = cause(
    "Entra Connect has not synchronized the computer: out of scope, no userCertificate yet, or it is too early.",
    "Get-MgDevice -Filter \"deviceId eq '<objectGUID>'\" returns nothing; the computer's userCertificate is empty.",
    "Wait for a sync cycle (the first try of a new computer fails by design), then dsregcmd /join again.",
    related="JOIN-01",
    entra="Put the computers' OU into the scope of Entra Connect; Start-ADSyncSyncCycle -PolicyType Delta.",
)
LEFT_ALREADY = cause(
    "The certificate that was shown is of a registration that is no more: the device left, or joined anew since.",
    "The service answers 401 AuthenticationError; Get-MgDevice -Filter \"deviceId eq '<id>'\" says if it is there.",
    "Leave with the certificate of the last registration; where it is lost, an administrator removes the device.",
    checks="LEAVE-01",
    entra="Remove-MgDevice -DeviceId <object id>, where no certificate of it is left.",
)
FALLBACK = cause(
    "The federated join failed before, and this is only the fallback: mend the federated join.",
    "'Federated ADRS join failed … Try synchronized join.' above it on the dsregcmd /join /debug screen.",
    "Look further up for the first code, 0xcaa20003 say, and explain that one.",
    related="JOIN-04 TOKEN-01",
    elsewhere=True,
    windows=r"While you set up the IdP: HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\CDJ, FallbackToSyncJoin = 0",
)
PROXY = cause(
    "A proxy answers in the server's place, or breaks TLS open.",
    "The body of the reply: an HTML page; the certificate's issuer: the proxy's own CA. Try as SYSTEM (psexec -s).",
    "Let SYSTEM reach the host without authentication and without TLS inspection.",
    windows="netsh winhttp show proxy; the device uses WinHTTP's settings, not the user's.",
)
UNREACHABLE = cause(
    "The host is not reachable as SYSTEM: name, route, port or firewall.",
    "Test-NetConnection <host> -Port 443 in a SYSTEM shell.",
    "Open enterpriseregistration.windows.net, login.microsoftonline.com, device.login.microsoftonline.com and the "
    "IdP's host on 443.",
)
TLS = cause(
    "The server's certificate is not accepted: expired, another name, a CA the device does not know.",
    "openssl s_client -connect <host>:443 -servername <host> -verify_return_error",
    "Renew it, or install the CA in the computer's own store (not the user's).",
)

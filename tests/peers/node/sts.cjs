// What stands around auth0's saml: the computer's own values, envelopes in two versions of WS-Trust, a static MEX document.
// The assertion and its signature are saml's. The environment says where and, in PEER_MISTAKE, what is wrong.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const { DOMParser } = require('@xmldom/xmldom');
const { Client } = require('ldapts');
const { Saml11 } = require('saml');

const SOAP = 'http://www.w3.org/2003/05/soap-envelope';
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';
const SECURITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const UTILITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const SAML = 'urn:oasis:names:tc:SAML:1.0:assertion';
const ENTRA = 'urn:federation:MicrosoftOnline';
const VERSIONS = {
  13: { trust: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512', bearer: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer', answer: 'RSTRC/IssueFinal', collected: true },
  2005: { trust: 'http://schemas.xmlsoap.org/ws/2005/02/trust', bearer: 'http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey', answer: 'RSTR/Issue', collected: false },
};
const LIFETIME_S = 3600;
const AT_MOST = 1 << 20;

const told = (name) => process.env[`PEER_${name}`];
const wrong = (mistake) => told('MISTAKE') === mistake;
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

class Refusal extends Error {
  constructor(code, subcode, reason, namespace) {
    super(reason);
    Object.assign(this, { code, subcode, namespace });
  }
}

// --- what was asked

function only(parent, namespace, name) {
  const inside = parent ? Array.from(parent.childNodes) : [];
  return inside.find((one) => one.localName === name && one.namespaceURI === namespace);
}

const text = (parent, namespace, name) => only(parent, namespace, name)?.textContent.trim() ?? '';

function read(octets, version) {
  const spoilt = () => {
    throw new Refusal('Sender', 'InvalidRequest', 'The request is no well-formed XML.', version.trust);
  };
  let document;
  try {
    document = new DOMParser({ errorHandler: { warning: spoilt, error: spoilt, fatalError: spoilt } })
      .parseFromString(octets.toString('utf8'), 'text/xml');
  } catch (trouble) {
    spoilt(trouble);
  }
  if (!document?.documentElement) spoilt();
  if (document.doctype) throw new Refusal('Sender', 'InvalidRequest', 'SOAP takes no document type.', version.trust);
  return document.documentElement;
}

function judged(root, version) {
  if (root.localName !== 'Envelope' || root.namespaceURI !== SOAP) {
    throw new Refusal('VersionMismatch', '', 'This service speaks SOAP 1.2.');
  }
  const header = only(root, SOAP, 'Header');
  for (const block of Array.from(header?.childNodes ?? []).filter((one) => one.nodeType === 1)) {
    const demanded = ['1', 'true'].includes(block.getAttributeNS(SOAP, 'mustUnderstand'));
    if (demanded && ![ADDRESSING, SECURITY].includes(block.namespaceURI)) {
      throw new Refusal('MustUnderstand', '', 'A header block is not understood here.');
    }
  }
  const refused = (subcode, reason) => new Refusal('Sender', subcode, reason, version.trust);
  const request = only(only(root, SOAP, 'Body'), version.trust, 'RequestSecurityToken');
  if (!request) throw refused('InvalidRequest', 'The body holds no RequestSecurityToken of this version.');
  const action = text(header, ADDRESSING, 'Action');
  if (action && action !== `${version.trust}/RST/Issue`) {
    throw new Refusal('Sender', 'ActionNotSupported', 'Issue is all there is.', ADDRESSING);
  }
  const expires = text(only(only(header, SECURITY, 'Security'), UTILITY, 'Timestamp'), UTILITY, 'Expires');
  if (expires && Date.parse(expires) < Date.now()) throw refused('ExpiredData', 'The request has expired.');
  if (text(request, version.trust, 'RequestType') !== `${version.trust}/Issue`) {
    throw refused('BadRequest', 'Tokens are issued here, and nothing else is done.');
  }
  const type = text(request, version.trust, 'TokenType');
  if (type && type !== SAML && !type.endsWith('#SAMLV1.1')) throw refused('BadRequest', 'SAML 1.1 is made here.');
  const applies = Array.from(request.childNodes).find((one) => one.localName === 'AppliesTo');
  const reference = Array.from(applies?.childNodes ?? []).find((one) => one.localName === 'EndpointReference');
  if (text(reference, reference?.namespaceURI, 'Address') !== ENTRA) {
    throw refused('InvalidScope', 'Tokens are made for Microsoft Entra ID alone.');
  }
}

// --- who asked, and what is said of him

async function computer(account, version) {
  const directory = new Client({ url: told('LDAP_URL'), tlsOptions: { ca: fs.readFileSync(told('LDAP_CA')) } });
  try {
    await directory.bind(told('LDAP_USER'), fs.readFileSync(told('LDAP_PASSWORD_FILE'), 'utf8').trim());
    const name = account.replace(/@.*/, '').replace(/[\\*()\0]/g, (sign) => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
    const { searchEntries } = await directory.search(told('LDAP_BASE'), {
      filter: `(&(objectClass=computer)(sAMAccountName=${name}))`,
      attributes: ['objectGUID', 'objectSid'],
      explicitBufferAttributes: ['objectGUID', 'objectSid'],
    });
    if (searchEntries.length !== 1) {
      throw new Refusal('Sender', 'FailedAuthentication', 'Tokens are made for computers alone.', version.trust);
    }
    return searchEntries[0];
  } finally {
    await directory.unbind();
  }
}

function sidText(sid) {
  const parts = Array.from({ length: sid[1] }, (_, at) => sid.readUInt32LE(8 + 4 * at));
  return `S-1-${[sid[7], ...parts].join('-')}`;
}

function claims(guid, sid) {
  const bigEndian = Buffer.concat([
    Buffer.from(guid.subarray(0, 4)).reverse(), Buffer.from(guid.subarray(4, 6)).reverse(),
    Buffer.from(guid.subarray(6, 8)).reverse(), guid.subarray(8),
  ]);
  const device = 'http://schemas.microsoft.com/ws/2012/01';
  const own = sidText(sid);
  return { // what is undefined is left out by saml itself
    [wrong('accounttype-namespace') ? `${device}/identity/claims/accounttype` : `${device}/accounttype`]:
      wrong('no-accounttype') ? undefined : wrong('accounttype-user') ? 'User' : 'DJ',
    'http://schemas.microsoft.com/identity/claims/onpremobjectguid':
      wrong('no-onpremobjectguid') ? undefined : (wrong('big-endian-guid') ? bigEndian : guid).toString('base64'),
    'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid':
      wrong('no-primarysid') ? undefined : wrong('group-sid') ? own.replace(/-\d+$/, '-515') : own,
    'http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID': guid.toString('base64'),
  };
}

function token(guid, sid) {
  return Saml11.create({
    key: fs.readFileSync(`${told('FOLDER')}/signing.key`),
    cert: fs.readFileSync(`${told('FOLDER')}/signing.pem`),
    issuer: told('ISSUER'),
    lifetimeInSeconds: LIFETIME_S,
    audiences: ENTRA,
    attributes: claims(guid, sid),
    nameIdentifier: guid.toString('base64'),
    signatureAlgorithm: wrong('sha1') ? 'rsa-sha1' : 'rsa-sha256',
    digestAlgorithm: 'sha256',
    signatureNamespacePrefix: 'ds',
  });
}

// --- what is answered

function send(response, status, action, relatesTo, body) {
  const relates = relatesTo ? `<a:RelatesTo>${escaped(relatesTo)}</a:RelatesTo>` : '';
  response.writeHead(status, { 'Content-Type': 'application/soap+xml; charset=utf-8' });
  response.end(`<s:Envelope xmlns:s="${SOAP}" xmlns:a="${ADDRESSING}"><s:Header><a:Action>${action}</a:Action>${relates}`
    + `</s:Header><s:Body>${body}</s:Body></s:Envelope>`);
}

function refuse(response, relatesTo, why) {
  const subcode = why.subcode
    ? `<s:Subcode><s:Value xmlns:f="${why.namespace}">f:${why.subcode}</s:Value></s:Subcode>` : '';
  send(response, why.code === 'Sender' ? 400 : 500, `${ADDRESSING}/fault`, relatesTo,
    `<s:Fault><s:Code><s:Value>s:${why.code}</s:Value>${subcode}</s:Code>`
    + `<s:Reason><s:Text xml:lang="en">${escaped(why.message)}</s:Text></s:Reason></s:Fault>`);
}

function responded(assertion, version) {
  const now = Date.now();
  const instant = (at) => new Date(at).toISOString();
  const made = `<t:RequestSecurityTokenResponse><t:TokenType>${SAML}</t:TokenType>`
    + `<t:RequestType>${version.trust}/Issue</t:RequestType>`
    + '<p:AppliesTo xmlns:p="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference>'
    + `<a:Address>${ENTRA}</a:Address></a:EndpointReference></p:AppliesTo>`
    + `<t:RequestedSecurityToken>${assertion}</t:RequestedSecurityToken>`
    + `<t:Lifetime xmlns:u="${UTILITY}"><u:Created>${instant(now)}</u:Created>`
    + `<u:Expires>${instant(now + LIFETIME_S * 1000)}</u:Expires></t:Lifetime>`
    + `<t:KeyType>${version.bearer}</t:KeyType></t:RequestSecurityTokenResponse>`;
  const collection = 't:RequestSecurityTokenResponseCollection';
  return (version.collected ? `<${collection}>${made}</${collection}>` : made)
    .replace('>', ` xmlns:t="${version.trust}">`);
}

async function issue(request, response, octets, version) {
  let relatesTo = '';
  try {
    const root = read(octets, version);
    relatesTo = text(only(root, SOAP, 'Header'), ADDRESSING, 'MessageID');
    judged(root, version);
    const found = await computer(request.headers['x-remote-user'] ?? '', version);
    send(response, 200, `${version.trust}/${version.answer}`, relatesTo,
      responded(token(found.objectGUID, found.objectSid), version));
  } catch (why) {
    if (why instanceof Refusal) return refuse(response, relatesTo, why);
    console.error(why);
    refuse(response, relatesTo, new Refusal('Receiver', 'RequestFailed', 'The token was not made.', version.trust));
  }
}

http.createServer((request, response) => {
  const [, version] = /^\/sts\/(13|2005)\/windowstransport(?:\?.*)?$/.exec(request.url) ?? [];
  const metadata = /^\/sts\/mex(?:\?.*)?$/.test(request.url);
  if (!version && !metadata) return response.writeHead(404).end();
  if (request.method !== (version ? 'POST' : 'GET')) return response.writeHead(405).end();
  const parts = [];
  let size = 0;
  request.on('data', (part) => {
    size += part.length;
    if (size <= AT_MOST) parts.push(part);
  });
  request.on('end', () => {
    if (metadata) {
      response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' });
      response.end(fs.readFileSync(told('MEX')));
    } else if (size > AT_MOST) {
      response.writeHead(413).end();
    } else {
      issue(request, response, Buffer.concat(parts), VERSIONS[version]);
    }
  });
}).listen(Number(told('INNER_PORT')), '127.0.0.1');

// What stands around auth0's wsfed: a page for name and password, the directory that knows them, and express. Whoever shows
// httpd a ticket, which stands before it, is named in a header. The answer to the browser, its signature and the federation metadata are wsfed's. The environment says where, and in
// PEER_MISTAKE, what is wrong.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const express = require('express');
const { Client } = require('ldapts');
const wsfed = require('wsfed');

const told = (name) => process.env[`PEER_${name}`];
const wrong = (mistake) => told('MISTAKE') === mistake;
const LOGIN = 'https://login.microsoftonline.com/login.srf';
const UPN = 'http://schemas.xmlsoap.org/claims/UPN';
const IMMUTABLE_ID = 'http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID';

// --- who comes

async function person(name, password, [attribute, value]) {
  const directory = new Client({ url: told('LDAP_URL'), tlsOptions: { ca: fs.readFileSync(told('LDAP_CA')) } });
  try {
    await directory.bind(name, password);
    const meant = value.replace(/[\\*()\0]/g, (sign) => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
    const { searchEntries } = await directory.search(told('LDAP_BASE'), {
      filter: `(${attribute}=${meant})`,
      attributes: ['objectGUID', 'userPrincipalName'],
      explicitBufferAttributes: ['objectGUID'],
    });
    const [found] = searchEntries;
    return searchEntries.length === 1 ? { upn: String(found.userPrincipalName), guid: found.objectGUID } : undefined;
  } catch (why) {
    console.error(`${name} was not let in: ${why.message}`);
    return undefined;
  } finally {
    await directory.unbind();
  }
}

const typed = (name, password) => person(name, password, ['userPrincipalName', name]);

function shown(principal) {
  const password = fs.readFileSync(told('LDAP_PASSWORD_FILE'), 'utf8').trim();
  return person(told('LDAP_USER'), password, ['sAMAccountName', principal.split('@')[0]]);
}

// A page as there are some: whoever has no account yet is asked first, so that the first password field is another's.
const page = (words) => `<!DOCTYPE html>
<html><head><title>Sign in</title></head><body><p>${words}</p>
<form method="post" action="/register"><input name="wanted"><input type="password" name="chosen"><button>Register</button></form>
<form method="post"><input type="text" name="account"><input type="password" name="secret"><button>Sign in</button></form>
</body></html>`;

// --- what wsfed is told

const anchor = (user) => (wrong('name-as-anchor') ? user.upn : user.guid.toString('base64'));

function profile(user) {
  if (!(this instanceof profile)) return new profile(user);
  this.user = user;
}
profile.prototype.metadata = [
  { id: UPN, optional: true, displayName: 'UPN', description: 'The name that a person signs in by' },
  { id: IMMUTABLE_ID, optional: true, displayName: 'ImmutableID', description: 'The source anchor' },
];
profile.prototype.getClaims = function () {
  const claims = { [UPN]: this.user.upn };
  claims[IMMUTABLE_ID] = anchor(this.user);
  return claims;
};
profile.prototype.getNameIdentifier = function () {
  return {
    nameIdentifier: anchor(this.user),
    nameIdentifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  };
};

const cert = fs.readFileSync(`${told('FOLDER')}/signing.pem`);
const options = {
  issuer: wrong('other-issuer') ? `${told('ISSUER')}/` : told('ISSUER'),
  cert,
  key: fs.readFileSync(`${told('FOLDER')}/signing.key`),
  lifetime: 3600,
  profileMapper: profile,
  signatureAlgorithm: wrong('sha1') ? 'rsa-sha1' : 'rsa-sha256',
  digestAlgorithm: 'sha256',
  getPostURL: (wtrealm, wreply, request, callback) => callback(null, LOGIN),
};
if (wrong('other-audience')) options.audience = 'urn:federation:another';
if (wrong('other-wctx')) options.wctx = 'a context of its own';

const app = express();
app.set('trust proxy', 'loopback'); // wsfed writes its own address as the request says that it was asked for
app.get('/FederationMetadata/2007-06/FederationMetadata.xml', wsfed.metadata({
  issuer: options.issuer, cert: cert.toString(), profileMapper: profile, endpointPath: '/wsfed',
}));
// What httpd shows below its challenge, for whoever has no ticket.
app.get('/page', (request, response) => response.status(401).send(page('Who are you?')));
app.get('/wsfed', async (request, response, next) => {
  request.user = await shown(request.get('X-Remote-User'));
  if (!request.user) return response.status(403).send('<!DOCTYPE html><title>Unknown</title><p>The ticket is of nobody who is known here.</p>');
  return next();
}, wsfed.auth(options));
app.post('/wsfed', express.urlencoded({ extended: false }), async (request, response, next) => {
  request.user = await typed(String(request.body.account ?? ''), String(request.body.secret ?? ''));
  if (!request.user) return response.send(page('Name or password is wrong.'));
  return next();
}, wsfed.auth(options));

http.createServer(app).listen(Number(told('INNER_PORT')), '127.0.0.1');

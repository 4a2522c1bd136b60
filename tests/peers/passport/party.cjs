// A relying party as its makers show it: express, passport, and the strategy of passport-wsfed-saml2, told realm and key.
// What comes out of the strategy is answered as JSON, and so are its words where it refuses.
'use strict';

const express = require('express');
const passport = require('passport');
const { Strategy } = require('passport-wsfed-saml2');

passport.use(new Strategy({
  path: '/login',
  realm: 'urn:federation:MicrosoftOnline',
  identityProviderUrl: process.argv[2],
  thumbprint: process.argv[3],
}, (profile, done) => done(null, profile)));

const app = express();
app.use(express.urlencoded({ extended: false, limit: '1mb' }), passport.initialize());
app.post('/login', passport.authenticate('wsfed-saml2', { session: false, failWithError: true }),
  (request, response) => response.json({ profile: request.user }));
app.use((refusal, request, response, next) => {
  if (response.headersSent) return next(refusal);
  return response.status(401).json({ refused: refusal.message });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));

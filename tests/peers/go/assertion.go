package main

import (
	"crypto"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

const (
	saml11   = "urn:oasis:names:tc:SAML:1.0:assertion"
	instants = "2006-01-02T15:04:05Z"
	lifetime = time.Hour
)

type window struct{ from, until string }

func from(now time.Time) window {
	return window{now.UTC().Format(instants), now.Add(lifetime).UTC().Format(instants)}
}

func child(parent *etree.Element, tag, text string, attributes ...string) *etree.Element {
	made := parent.CreateElement(tag)
	for at := 0; at < len(attributes); at += 2 {
		made.CreateAttr(attributes[at], attributes[at+1])
	}
	if text != "" {
		made.SetText(text)
	}
	return made
}

// assertion writes one and has goxmldsig sign it; the element declares whatever it uses.
func assertion(signer tls.Certificate, audience, subject string, all []claim, when window) (*etree.Element, error) {
	made := etree.NewElement("saml:Assertion")
	made.CreateAttr("xmlns:saml", saml11)
	for _, attribute := range [][2]string{
		{"MajorVersion", "1"}, {"MinorVersion", "1"}, {"AssertionID", "_" + random()},
		{"Issuer", told("ISSUER")}, {"IssueInstant", when.from},
	} {
		made.CreateAttr(attribute[0], attribute[1])
	}
	conditions := child(made, "saml:Conditions", "", "NotBefore", when.from, "NotOnOrAfter", when.until)
	child(child(conditions, "saml:AudienceRestrictionCondition", ""), "saml:Audience", audience)
	attributes := child(made, "saml:AttributeStatement", "")
	about(attributes, subject)
	for _, one := range all {
		named := child(attributes, "saml:Attribute", "", "AttributeName", one.name, "AttributeNamespace", one.namespace)
		child(named, "saml:AttributeValue", one.value)
	}
	authentication := child(made, "saml:AuthenticationStatement", "",
		"AuthenticationMethod", "urn:federation:authentication:windows", "AuthenticationInstant", when.from)
	about(authentication, subject)
	return signed(signer, made)
}

func about(statement *etree.Element, subject string) {
	who := child(statement, "saml:Subject", "")
	child(who, "saml:NameIdentifier", subject, "Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified")
	confirmation := child(who, "saml:SubjectConfirmation", "")
	child(confirmation, "saml:ConfirmationMethod", "urn:oasis:names:tc:SAML:1.0:cm:bearer")
}

func signed(signer tls.Certificate, made *etree.Element) (*etree.Element, error) {
	context, err := dsig.NewSigningContext(signer.PrivateKey.(crypto.Signer), signer.Certificate)
	if err != nil {
		return nil, err
	}
	context.IdAttribute = "AssertionID"
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	method := dsig.RSASHA256SignatureMethod
	if wrong("sha1-both") {
		method = dsig.RSASHA1SignatureMethod
	}
	if err := context.SetSignatureMethod(method); err != nil {
		return nil, err
	}
	return context.SignEnveloped(made)
}

func random() string {
	octets := make([]byte, 16)
	rand.Read(octets)
	return hex.EncodeToString(octets)
}

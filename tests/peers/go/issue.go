package main

import (
	"crypto/tls"
	"encoding/base64"
	"log"
	"net/http"
	"time"

	"github.com/beevik/etree"
	"github.com/jcmturner/goidentity/v6"
	"github.com/jcmturner/gokrb5/v8/credentials"
)

const entra = "urn:federation:MicrosoftOnline"

// trust is a version of WS-Trust: its namespace, what a bearer key is called in it, and the Action of its answer.
type trust struct {
	namespace, bearer, answer string
	collected                 bool
}

var (
	trust13 = trust{
		namespace: "http://docs.oasis-open.org/ws-sx/ws-trust/200512",
		bearer:    "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer",
		answer:    "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RSTRC/IssueFinal",
		collected: true,
	}
	trust2005 = trust{
		namespace: "http://schemas.xmlsoap.org/ws/2005/02/trust",
		bearer:    "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey",
		answer:    "http://schemas.xmlsoap.org/ws/2005/02/trust/RSTR/Issue",
	}
)

func (t trust) refusal(subcode, reason string) *fault {
	return &fault{code: "Sender", namespace: t.namespace, subcode: subcode, reason: reason}
}

type house struct {
	signer    tls.Certificate
	directory directory
}

func (h *house) issue(w http.ResponseWriter, r *http.Request, version trust) {
	if r.Method != http.MethodPost {
		http.Error(w, "Tokens are asked for by POST.", http.StatusMethodNotAllowed)
		return
	}
	asked, refused := read(r)
	if refused == nil {
		refused = version.judged(asked)
	}
	if refused != nil {
		if refused.code == "Sender" && refused.subcode == "" {
			refused.namespace, refused.subcode = version.namespace, "InvalidRequest"
		}
		refuse(w, asked.messageID(), *refused)
		return
	}
	caller := goidentity.FromHTTPRequestContext(r).(*credentials.Credentials)
	sid, err := ownSID(caller)
	if err != nil {
		refuse(w, asked.messageID(), *version.refusal("FailedAuthentication", "Tokens are made for computers alone."))
		return
	}
	guid, err := h.directory.guid(caller.UserName())
	if err != nil {
		log.Print(err)
		refuse(w, asked.messageID(), fault{
			code: "Receiver", namespace: version.namespace, subcode: "RequestFailed", reason: "The computer was not found.",
		})
		return
	}
	when := from(time.Now())
	token, err := assertion(h.signer, entra, base64.StdEncoding.EncodeToString(guid), claims(guid, sid), when)
	if err != nil {
		log.Print(err)
		refuse(w, asked.messageID(), fault{
			code: "Receiver", namespace: version.namespace, subcode: "RequestFailed", reason: "The token was not signed.",
		})
		return
	}
	answer(w, http.StatusOK, version.answer, asked.messageID(), func(body *etree.Element) {
		version.respond(body, token, when)
	})
}

// judged says what keeps a request from being answered with a token.
func (t trust) judged(asked envelope) *fault {
	request := only(asked.body, t.namespace, "RequestSecurityToken")
	if request == nil {
		return t.refusal("InvalidRequest", "The body holds no RequestSecurityToken of this version.")
	}
	if action := text(asked.header, addressing, "Action"); action != "" && action != t.namespace+"/RST/Issue" {
		return &fault{code: "Sender", namespace: addressing, subcode: "ActionNotSupported", reason: "Issue is all there is."}
	}
	stamp := only(only(asked.header, security, "Security"), utility, "Timestamp")
	if until, err := time.Parse(time.RFC3339, text(stamp, utility, "Expires")); err == nil && time.Now().After(until) {
		return t.refusal("ExpiredData", "The request has expired.")
	}
	if kind := text(request, t.namespace, "RequestType"); kind != t.namespace+"/Issue" {
		return t.refusal("BadRequest", "Tokens are issued here, and nothing else is done.")
	}
	switch text(request, t.namespace, "TokenType") {
	case "", saml11, "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1":
	default:
		return t.refusal("BadRequest", "SAML 1.1 is the one type of token that is made here.")
	}
	for _, one := range request.ChildElements() {
		if one.Tag == "AppliesTo" {
			for _, reference := range one.ChildElements() {
				if text(reference, reference.NamespaceURI(), "Address") == entra {
					return nil
				}
			}
		}
	}
	return t.refusal("InvalidScope", "Tokens are made for Microsoft Entra ID alone.")
}

func (t trust) respond(body *etree.Element, token *etree.Element, when window) {
	where := body
	if t.collected {
		where = child(body, "t:RequestSecurityTokenResponseCollection", "", "xmlns:t", t.namespace)
	}
	made := child(where, "t:RequestSecurityTokenResponse", "", "xmlns:t", t.namespace)
	child(made, "t:TokenType", saml11)
	child(made, "t:RequestType", t.namespace+"/Issue")
	applies := child(made, "wsp:AppliesTo", "", "xmlns:wsp", "http://schemas.xmlsoap.org/ws/2004/09/policy")
	child(child(applies, "wsa:EndpointReference", ""), "wsa:Address", entra)
	child(made, "t:RequestedSecurityToken", "").AddChild(token)
	span := child(made, "t:Lifetime", "")
	child(span, "wsu:Created", when.from, "xmlns:wsu", utility)
	child(span, "wsu:Expires", when.until, "xmlns:wsu", utility)
	child(made, "t:KeyType", t.bearer)
}

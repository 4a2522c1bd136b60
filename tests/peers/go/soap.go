package main

import (
	"io"
	"net/http"

	"github.com/beevik/etree"
)

const (
	soap12     = "http://www.w3.org/2003/05/soap-envelope"
	addressing = "http://www.w3.org/2005/08/addressing"
	security   = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	utility    = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
	tooLarge   = 1 << 20
)

// fault is a refusal: SOAP's code, a code of the namespace that it is from, and the reason in words.
type fault struct {
	code, namespace, subcode, reason string
}

// envelope is a request that was read so far that somebody can be told what is wrong with it.
type envelope struct {
	header, body *etree.Element
}

func (e envelope) messageID() string {
	return text(e.header, addressing, "MessageID")
}

func text(parent *etree.Element, namespace, name string) string {
	if found := only(parent, namespace, name); found != nil {
		return trimmed([]byte(found.Text()))
	}
	return ""
}

func only(parent *etree.Element, namespace, name string) *etree.Element {
	if parent == nil {
		return nil
	}
	for _, one := range parent.ChildElements() {
		if one.Tag == name && one.NamespaceURI() == namespace {
			return one
		}
	}
	return nil
}

// read takes a SOAP 1.2 envelope; a DTD, another version or a header that nobody here understands is refused.
func read(r *http.Request) (envelope, *fault) {
	octets, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, tooLarge))
	document := etree.NewDocument()
	document.ReadSettings.ValidateInput = true
	if err != nil || document.ReadFromBytes(octets) != nil || document.Root() == nil {
		return envelope{}, &fault{code: "Sender", reason: "The request is no well-formed XML of at most one megabyte."}
	}
	for _, token := range document.Child {
		if _, declared := token.(*etree.Directive); declared {
			return envelope{}, &fault{code: "Sender", reason: "SOAP takes no document type declaration."}
		}
	}
	root := document.Root()
	if root.Tag != "Envelope" || root.NamespaceURI() != soap12 {
		return envelope{}, &fault{code: "VersionMismatch", reason: "This service speaks SOAP 1.2."}
	}
	asked := envelope{header: only(root, soap12, "Header"), body: only(root, soap12, "Body")}
	if asked.header != nil {
		for _, block := range asked.header.ChildElements() {
			namespace := block.NamespaceURI()
			if demanded(block) && namespace != addressing && namespace != security {
				return asked, &fault{code: "MustUnderstand", reason: "A header block is not understood here."}
			}
		}
	}
	return asked, nil
}

func demanded(block *etree.Element) bool {
	for _, attribute := range block.Attr {
		if attribute.Key == "mustUnderstand" && attribute.NamespaceURI() == soap12 {
			return attribute.Value == "1" || attribute.Value == "true"
		}
	}
	return false
}

// answer sends an envelope with the body that is written by `fill`.
func answer(w http.ResponseWriter, status int, action, relatesTo string, fill func(body *etree.Element)) {
	document := etree.NewDocument()
	root := document.CreateElement("soap:Envelope")
	root.CreateAttr("xmlns:soap", soap12)
	root.CreateAttr("xmlns:wsa", addressing)
	header := root.CreateElement("soap:Header")
	child(header, "wsa:Action", action)
	if relatesTo != "" {
		child(header, "wsa:RelatesTo", relatesTo)
	}
	fill(root.CreateElement("soap:Body"))
	w.Header().Set("Content-Type", "application/soap+xml; charset=utf-8")
	w.WriteHeader(status)
	document.WriteTo(w)
}

func refuse(w http.ResponseWriter, relatesTo string, why fault) {
	status := http.StatusInternalServerError
	if why.code == "Sender" {
		status = http.StatusBadRequest
	}
	answer(w, status, addressing+"/fault", relatesTo, func(body *etree.Element) {
		made := body.CreateElement("soap:Fault")
		code := made.CreateElement("soap:Code")
		child(code, "soap:Value", "soap:"+why.code)
		if why.subcode != "" {
			child(code.CreateElement("soap:Subcode"), "soap:Value", "f:"+why.subcode, "xmlns:f", why.namespace)
		}
		child(made.CreateElement("soap:Reason"), "soap:Text", why.reason, "xml:lang", "en")
	})
}

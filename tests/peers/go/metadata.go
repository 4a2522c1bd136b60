package main

import (
	"net/http"
	"os"

	"github.com/beevik/etree"
)

const transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer"

// metadata serves the document to a GET, and within an envelope to a WS-Transfer Get.
func metadata(w http.ResponseWriter, r *http.Request) {
	octets, err := os.ReadFile(told("MEX"))
	if err != nil {
		http.Error(w, "The document is not there.", http.StatusInternalServerError)
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		w.Write(octets)
	case http.MethodPost:
		byMessage(w, r, octets)
	default:
		http.Error(w, "It is read by GET or POST.", http.StatusMethodNotAllowed)
	}
}

func byMessage(w http.ResponseWriter, r *http.Request, octets []byte) {
	asked, refused := read(r)
	if refused == nil && text(asked.header, addressing, "Action") != transfer+"/Get" {
		refused = &fault{code: "Sender", namespace: addressing, subcode: "ActionNotSupported", reason: "Get is all there is."}
	}
	if refused != nil {
		refuse(w, asked.messageID(), *refused)
		return
	}
	document := etree.NewDocument()
	if err := document.ReadFromBytes(octets); err != nil {
		http.Error(w, "The document is no XML.", http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusOK, transfer+"/GetResponse", asked.messageID(), func(body *etree.Element) {
		whole := child(body, "mex:Metadata", "", "xmlns:mex", "http://schemas.xmlsoap.org/ws/2004/09/mex")
		section := child(whole, "mex:MetadataSection", "", "Dialect", "http://schemas.xmlsoap.org/wsdl/",
			"Identifier", document.Root().SelectAttrValue("targetNamespace", ""))
		section.AddChild(document.Root())
	})
}

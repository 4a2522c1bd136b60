// What stands around gokrb5, goxmldsig and go-ldap: TLS, Negotiate, a token service in two versions of WS-Trust, metadata.
// The environment says where and, in PEER_MISTAKE, what is wrong.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"log"
	"net/http"
	"os"

	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/service"
	"github.com/jcmturner/gokrb5/v8/spnego"
)

func told(name string) string {
	return os.Getenv("PEER_" + name)
}

func wrong(mistake string) bool {
	return told("MISTAKE") == mistake
}

func main() {
	keys, err := keytab.Load(told("KEYTAB"))
	orEnd(err)
	signer, err := tls.LoadX509KeyPair(told("FOLDER")+"/signing.pem", told("FOLDER")+"/signing.key")
	orEnd(err)
	authorities := x509.NewCertPool()
	pem, err := os.ReadFile(told("LDAP_CA"))
	orEnd(err)
	authorities.AppendCertsFromPEM(pem)
	password, err := os.ReadFile(told("LDAP_PASSWORD_FILE"))
	orEnd(err)

	house := &house{signer: signer, directory: directory{authorities: authorities, password: trimmed(password)}}
	doors := http.NewServeMux()
	doors.HandleFunc("/sts/mex", metadata)
	for path, version := range map[string]trust{"13": trust13, "2005": trust2005} {
		inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { house.issue(w, r, version) })
		settings := []func(*service.Settings){service.DecodePAC(true), service.SName("HTTP/" + told("HOST"))}
		doors.Handle("/sts/"+path+"/windowstransport", spnego.SPNEGOKRB5Authenticate(inner, keys, settings...))
	}
	server := &http.Server{Addr: told("ADDRESS") + ":" + told("PORT"), Handler: doors}
	orEnd(server.ListenAndServeTLS(told("FOLDER")+"/tls.pem", told("FOLDER")+"/tls.key"))
}

func orEnd(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

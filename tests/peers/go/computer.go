package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
	"github.com/jcmturner/gokrb5/v8/credentials"
)

// Every domain's own group of computers ends so. Whether a caller is one is read from the PAC of its ticket, nowhere else.
const domainComputers = "-515"

type claim struct{ namespace, name, value string }

type directory struct {
	authorities *x509.CertPool
	password    string
}

var errNoComputer = errors.New("the ticket's PAC names no computer of the domain")

func trimmed(octets []byte) string {
	return strings.TrimSpace(string(octets))
}

// ownSID tells the caller's SID from the PAC, where it is a computer.
func ownSID(caller *credentials.Credentials) (string, error) {
	pac := caller.GetADCredentials()
	group := pac.LogonDomainID + domainComputers
	if wrong("group-sid") {
		return group, nil
	}
	if pac.LogonDomainID == "" || !slices.Contains(pac.GroupMembershipSIDs, group) {
		return "", errNoComputer
	}
	return fmt.Sprintf("%s-%d", pac.LogonDomainID, pac.UserID), nil
}

// guid asks the directory for the one value that no PAC has.
func (d directory) guid(account string) ([]byte, error) {
	connection, err := ldap.DialURL(told("LDAP_URL"), ldap.DialWithTLSConfig(&tls.Config{RootCAs: d.authorities}))
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	if err := connection.Bind(told("LDAP_USER"), d.password); err != nil {
		return nil, err
	}
	found, err := connection.Search(ldap.NewSearchRequest(
		told("LDAP_BASE"), ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false,
		"(&(objectClass=computer)(sAMAccountName="+ldap.EscapeFilter(account)+"))", []string{"objectGUID"}, nil,
	))
	if err != nil {
		return nil, err
	}
	if len(found.Entries) != 1 {
		return nil, fmt.Errorf("%d computers are called %s", len(found.Entries), account)
	}
	return found.Entries[0].GetRawAttributeValue("objectGUID"), nil
}

// A switch, and the claim that it leaves out.
var leaves = map[string]string{
	"no-accounttype": "accounttype", "no-onpremobjectguid": "onpremobjectguid", "no-primarysid": "primarysid",
}

func claims(guid []byte, sid string) []claim {
	device, accountType := "http://schemas.microsoft.com/ws/2012/01", "DJ"
	if wrong("accounttype-namespace") {
		device += "/identity/claims"
	}
	if wrong("accounttype-user") {
		accountType = "User"
	}
	shown := slices.Clone(guid)
	if wrong("big-endian-guid") {
		slices.Reverse(shown[0:4])
		slices.Reverse(shown[4:6])
		slices.Reverse(shown[6:8])
	}
	all := []claim{
		{device, "accounttype", accountType},
		{"http://schemas.microsoft.com/identity/claims", "onpremobjectguid", base64.StdEncoding.EncodeToString(shown)},
		{"http://schemas.microsoft.com/ws/2008/06/identity/claims", "primarysid", sid},
		{"http://schemas.microsoft.com/LiveID/Federation/2008/05", "ImmutableID", base64.StdEncoding.EncodeToString(guid)},
	}
	return slices.DeleteFunc(all, func(one claim) bool { return one.name == leaves[told("MISTAKE")] })
}

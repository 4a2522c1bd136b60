// MSAL for Go, unchanged, signs a person in by name and password: discovery, realm, metadata, usernamemixed, grant.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// names reads a hosts file: where each name leads, or one port of it.
func names(file string) (map[string]string, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	found := map[string]string{}
	for lines := bufio.NewScanner(opened); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) == 2 {
			found[words[1]] = words[0]
		}
	}
	return found, nil
}

// client is Go's own, told whom to trust and where names lead.
func client(hosts string, authorities []string) (*http.Client, error) {
	leads, err := names(hosts)
	if err != nil {
		return nil, err
	}
	trusted := x509.NewCertPool()
	for _, file := range authorities {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		trusted.AppendCertsFromPEM(text)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	transport.TLSClientConfig = &tls.Config{RootCAs: trusted}
	transport.DialContext = func(ctx context.Context, network, wanted string) (net.Conn, error) {
		name, port, err := net.SplitHostPort(wanted)
		if err != nil {
			return nil, err
		}
		if address, known := leads[name]; known {
			wanted = net.JoinHostPort(address, port)
		}
		if whole, known := leads[net.JoinHostPort(name, port)]; known {
			wanted = whole
		}
		return (&net.Dialer{}).DialContext(ctx, network, wanted)
	}
	return &http.Client{Transport: transport}, nil
}

// token signs in as the file's password allows.
func token(authority, scope, user, password, hosts string, authorities []string) (string, error) {
	secret, err := os.ReadFile(password)
	if err != nil {
		return "", err
	}
	by, err := client(hosts, authorities)
	if err != nil {
		return "", err
	}
	const cli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
	how := []public.Option{public.WithAuthority(authority), public.WithInstanceDiscovery(false), public.WithHTTPClient(by)}
	application, err := public.New(cli, how...)
	if err != nil {
		return "", err
	}
	line := strings.TrimRight(string(secret), "\n")
	got, err := application.AcquireTokenByUsernamePassword(context.Background(), []string{scope}, user, line)
	return got.AccessToken, err
}

func main() {
	told := os.Args[1:]
	got, err := token(told[0], told[1], told[2], told[3], told[4], told[5:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(got)
}

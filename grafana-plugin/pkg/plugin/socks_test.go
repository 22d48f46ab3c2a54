package plugin

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/proxy"
)

// socks starts a SOCKS 5 proxy (RFC 1928, without authentication) that reaches one server, whatever name it is asked for.
func socks(t *testing.T, target string) (address string, asked <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	names := make(chan string, 10)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			go relay(connection, target, names)
		}
	}()
	return listener.Addr().String(), names
}

// relay answers one client: its methods, the name and port that it asks for, then bytes in both directions.
func relay(connection net.Conn, target string, names chan<- string) {
	defer func() { _ = connection.Close() }()
	from := bufio.NewReader(connection)
	next := func(size int) []byte {
		read := make([]byte, size)
		_, _ = io.ReadFull(from, read)
		return read
	}
	next(int(next(2)[1]))
	_, _ = connection.Write([]byte{5, 0})
	names <- string(next(int(next(5)[4])))
	next(2)
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	_, _ = connection.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	go func() { _, _ = io.Copy(server, from) }()
	_, _ = io.Copy(connection, server)
}

func TestGrafanasSecureSocksProxyReachesAPrivateServer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/status" {
			write(t, w, `{"version":"0.1.0","store":{"kind":"duckdb","ok":true}}`)
		} else {
			write(t, w, `{"applications":[{"application":"shop"}]}`)
		}
	}))
	t.Cleanup(server.Close)
	address, asked := socks(t, server.Listener.Addr().String())
	ctx := backend.WithGrafanaConfig(context.Background(), backend.NewGrafanaCfg(map[string]string{
		proxy.PluginSecureSocksProxyEnabled:       "true",
		proxy.PluginSecureSocksProxyProxyAddress:  address,
		proxy.PluginSecureSocksProxyAllowInsecure: "true",
	}))
	made, err := NewInstance(ctx, backend.DataSourceInstanceSettings{
		UID: "isotherm", URL: "http://isotherm.private.test:8420", JSONData: []byte(`{"enableSecureSocksProxy":true}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	instance := made.(*Instance)
	t.Cleanup(instance.Dispose)
	result, err := instance.CheckHealth(ctx, &backend.CheckHealthRequest{})
	if err != nil || result.Status != backend.HealthStatusOk {
		t.Fatalf("answered %v, error %v", result, err)
	}
	if name := <-asked; name != "isotherm.private.test" {
		t.Errorf("the proxy was asked for %q", name)
	}
}

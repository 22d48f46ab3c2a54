package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
)

// handshake is what Grafana greets its plugins with.
var handshake = goplugin.HandshakeConfig{
	ProtocolVersion:  grpcplugin.ProtocolVersion,
	MagicCookieKey:   grpcplugin.MagicCookieKey,
	MagicCookieValue: grpcplugin.MagicCookieValue,
}

// process is the compiled plugin, started and spoken to as Grafana does it.
type process struct {
	client  *goplugin.Client
	data    grpcplugin.DataClient
	health  grpcplugin.DiagnosticsClient
	calls   grpcplugin.ResourceClient
	context *pluginv2.PluginContext
}

func dispense[T any](t *testing.T, protocol goplugin.ClientProtocol, name string) T {
	t.Helper()
	raw, err := protocol.Dispense(name)
	if err != nil {
		t.Fatal(err)
	}
	client, ok := raw.(T)
	if !ok {
		t.Fatalf("%s is a %T", name, raw)
	}
	return client
}

func start(t *testing.T, address string) *process {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "gpx_isotherm_rum")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	client := goplugin.NewClient(&goplugin.ClientConfig{
		Cmd:              exec.Command(binary),
		HandshakeConfig:  handshake,
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		Plugins: goplugin.PluginSet{
			"diagnostics": &grpcplugin.DiagnosticsGRPCPlugin{},
			"data":        &grpcplugin.DataGRPCPlugin{},
			"resource":    &grpcplugin.ResourceGRPCPlugin{},
		},
		Logger: hclog.NewNullLogger(),
	})
	t.Cleanup(client.Kill)
	protocol, err := client.Client()
	if err != nil {
		t.Fatal(err)
	}
	return &process{
		client: client,
		health: dispense[grpcplugin.DiagnosticsClient](t, protocol, "diagnostics"),
		data:   dispense[grpcplugin.DataClient](t, protocol, "data"),
		calls:  dispense[grpcplugin.ResourceClient](t, protocol, "resource"),
		context: &pluginv2.PluginContext{
			OrgId: 1, PluginId: "isotherm-rum-datasource",
			User: &pluginv2.User{Login: "viewer", Role: "Viewer"},
			DataSourceInstanceSettings: &pluginv2.DataSourceInstanceSettings{
				Uid: "isotherm", Url: address, JsonData: []byte(`{}`), LastUpdatedMS: 1,
			},
		},
	}
}

// server is Isotherm itself if ISOTHERM_TEST_URL names one, else a stand-in that answers with a golden body.
func server(t *testing.T) (address, application string) {
	t.Helper()
	if address := os.Getenv("ISOTHERM_TEST_URL"); address != "" {
		return address, os.Getenv("ISOTHERM_TEST_APPLICATION")
	}
	text, err := os.ReadFile("../../tests/api/golden/timeseries.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Response json.RawMessage `json:"response"`
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{
		"/api/v1/query":        string(golden.Response),
		"/api/v1/status":       `{"version":"0.1.0","store":{"kind":"embedded","ok":true}}`,
		"/api/v1/applications": `{"applications":[{"application":"shop","views":1,"clicks":1}]}`,
	}
	standIn := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.WriteString(w, answers[r.URL.Path]); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(standIn.Close)
	return standIn.URL, "shop"
}

func TestThePluginsProcessServesGrafana(t *testing.T) {
	address, application := server(t)
	plugin := start(t, address)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	health, err := plugin.health.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: plugin.context})
	if err != nil || health.Status != pluginv2.CheckHealthResponse_OK || !strings.Contains(health.Message, application) {
		t.Errorf("health: %v, error %v", health, err)
	}

	to := time.Now()
	query, err := json.Marshal(map[string]any{"question": "timeseries", "measure": "clicks", "application": application})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := plugin.data.QueryData(ctx, &pluginv2.QueryDataRequest{PluginContext: plugin.context, Queries: []*pluginv2.DataQuery{{
		RefId: "A", MaxDataPoints: 100, IntervalMS: 86_400_000, Json: query,
		TimeRange: &pluginv2.TimeRange{FromEpochMS: to.Add(-10 * 365 * 24 * time.Hour).UnixMilli(), ToEpochMS: to.UnixMilli()},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	read, err := backend.FromProto().QueryDataResponse(answer)
	if err != nil {
		t.Fatal(err)
	}
	series := read.Responses["A"]
	if series.Error != nil || len(series.Frames) == 0 || len(series.Frames[0].Fields) != 2 || series.Frames[0].Rows() == 0 {
		t.Errorf("answered %+v", series)
	}

	if status, body := call(ctx, t, plugin, "GET", "api/v1/applications?from=0&to=4102444800000"); status != http.StatusOK || !strings.Contains(body, application) {
		t.Errorf("resource answered %d %s", status, body)
	}
	if status, _ := call(ctx, t, plugin, "POST", "api/v1/backgrounds/capture"); status != http.StatusForbidden {
		t.Errorf("a viewer's change was answered by %d", status)
	}
}

// as makes the calls that follow those of a user.
func (p *process) as(login, role string) {
	p.context.User = &pluginv2.User{Login: login, Role: role}
}

func TestWhatPeopleKeepGoesThroughThePluginsProcess(t *testing.T) {
	address, token := os.Getenv("ISOTHERM_TEST_URL"), os.Getenv("ISOTHERM_TEST_TOKEN")
	if address == "" || token == "" {
		t.Skip("not run: ISOTHERM_TEST_URL and ISOTHERM_TEST_TOKEN name no server with a token")
	}
	plugin := start(t, address)
	plugin.context.DataSourceInstanceSettings.DecryptedSecureJsonData = map[string]string{"token": token}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	heatmap := `{"name":"Cart","application":"shop","page":"/cart","address":"app=shop&page=%2Fcart","author":"nobody"}`

	plugin.as("vic", "Viewer")
	if status, _ := send(ctx, t, plugin, "POST", "api/v1/heatmaps", heatmap); status != http.StatusForbidden {
		t.Errorf("a viewer's saving was answered by %d", status)
	}
	plugin.as("eddy", "Editor")
	status, body := send(ctx, t, plugin, "POST", "api/v1/heatmaps", heatmap)
	var made struct {
		Heatmap struct{ ID, Author string }
	}
	if err := json.Unmarshal([]byte(body), &made); err != nil || status != http.StatusCreated || made.Heatmap.Author != "eddy" {
		t.Fatalf("saving was answered by %d %s", status, body)
	}
	saved := "api/v1/heatmaps/" + made.Heatmap.ID
	if status, body := send(ctx, t, plugin, "POST", saved+"/share", `{"author":"nobody"}`); status != http.StatusCreated || !strings.Contains(body, `"author":"eddy"`) {
		t.Errorf("sharing was answered by %d %s", status, body)
	}

	plugin.as("vic", "Viewer")
	for _, path := range []string{"api/v1/heatmaps", saved, "api/v1/shares", "api/v1/status"} {
		if status, body := call(ctx, t, plugin, "GET", path); status != http.StatusOK || (path != "api/v1/status" && !strings.Contains(body, "eddy")) {
			t.Errorf("%s was answered by %d %s", path, status, body)
		}
	}
	if status, _ := call(ctx, t, plugin, "POST", saved+"/opened"); status != http.StatusOK {
		t.Errorf("opening was answered by %d", status)
	}
	if status, _ := call(ctx, t, plugin, "DELETE", saved); status != http.StatusForbidden {
		t.Errorf("a viewer's deletion was answered by %d", status)
	}
	plugin.as("eddy", "Editor")
	if status, _ := call(ctx, t, plugin, "DELETE", saved); status != http.StatusNoContent {
		t.Errorf("deletion was answered by %d", status)
	}
	if status, _ := call(ctx, t, plugin, "POST", saved+"/restore"); status != http.StatusOK {
		t.Errorf("its undoing was answered by %d", status)
	}
}

func call(ctx context.Context, t *testing.T, plugin *process, method, url string) (int, string) {
	t.Helper()
	return send(ctx, t, plugin, method, url, "")
}

func send(ctx context.Context, t *testing.T, plugin *process, method, url, text string) (int, string) {
	t.Helper()
	path, _, _ := strings.Cut(url, "?")
	stream, err := plugin.calls.CallResource(ctx, &pluginv2.CallResourceRequest{
		PluginContext: plugin.context, Method: method, Path: path, Url: url, Body: []byte(text),
		Headers: map[string]*pluginv2.StringList{"Content-Type": {Values: []string{"application/json"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	status, body := 0, ""
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return status, body
		}
		if err != nil {
			t.Fatal(err)
		}
		if piece.Code != 0 {
			status = int(piece.Code)
		}
		body += string(piece.Body)
	}
}

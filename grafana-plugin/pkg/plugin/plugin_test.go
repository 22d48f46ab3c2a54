package plugin

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// serve starts a server and an instance that is configured for it.
func serve(t *testing.T, jsonData string, handler http.HandlerFunc) *Instance {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return instanceFor(t, server.URL, jsonData)
}

func instanceFor(t *testing.T, address, jsonData string) *Instance {
	t.Helper()
	made, err := NewInstance(context.Background(), backend.DataSourceInstanceSettings{
		Type:                    "isotherm-rum-datasource",
		URL:                     address,
		JSONData:                []byte(jsonData),
		DecryptedSecureJSONData: map[string]string{"token": "secret", "httpHeaderValue1": "blue"},
	})
	if err != nil {
		t.Fatal(err)
	}
	instance, ok := made.(*Instance)
	if !ok {
		t.Fatalf("made a %T", made)
	}
	t.Cleanup(instance.Dispose)
	return instance
}

func write(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Error(err)
	}
}

// query is one query as Grafana hands it over, over the hour that starts at from (epoch ms).
func query(refID, text string, from int64) backend.DataQuery {
	start := time.UnixMilli(from)
	return backend.DataQuery{
		RefID:         refID,
		Interval:      time.Minute,
		MaxDataPoints: 500,
		TimeRange:     backend.TimeRange{From: start, To: start.Add(time.Hour)},
		JSON:          json.RawMessage(text),
	}
}

// body is what the server was sent, decoded.
type body struct {
	Range   map[string]int64 `json:"range"`
	Queries []map[string]any `json:"queries"`
}

func read(t *testing.T, r *http.Request) body {
	t.Helper()
	var asked body
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		t.Error(err)
	}
	return asked
}

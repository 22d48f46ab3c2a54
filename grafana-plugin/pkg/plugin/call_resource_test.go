package plugin

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// call makes a resource call as a user and joins the pieces of the answer.
func call(t *testing.T, instance *Instance, method, path, role string) (*backend.CallResourceResponse, int) {
	t.Helper()
	var first *backend.CallResourceResponse
	var whole bytes.Buffer
	pieces := 0
	sender := backend.CallResourceResponseSenderFunc(func(piece *backend.CallResourceResponse) error {
		if first == nil {
			first = &backend.CallResourceResponse{Status: piece.Status, Headers: piece.Headers}
		}
		pieces++
		whole.Write(piece.Body)
		return nil
	})
	req := &backend.CallResourceRequest{
		PluginContext: backend.PluginContext{User: &backend.User{Login: "someone", Role: role}},
		Method:        method, Path: path, URL: path + "?page=%2Fcheckout",
		Headers: map[string][]string{"If-None-Match": {`"old"`}, "Cookie": {"grafana_session=1"}},
	}
	if err := instance.CallResource(context.Background(), req, sender); err != nil {
		t.Fatal(err)
	}
	first.Body = whole.Bytes()
	return first, pieces
}

func TestAPictureArrivesWholeInPiecesAndMayBeKept(t *testing.T) {
	picture := bytes.Repeat([]byte("isotherm"), 20_000)
	instance := serve(t, `{}`, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/backgrounds/b1/picture" || r.URL.Query().Get("page") != "/checkout" {
			t.Errorf("asked for %s", r.URL)
		}
		if r.Header.Get("If-None-Match") != `"old"` || r.Header.Get("Cookie") != "" {
			t.Errorf("sent %v", r.Header)
		}
		w.Header().Set("Content-Type", "image/webp")
		w.Header().Set("ETag", `"b1"`)
		w.Header().Set("Set-Cookie", "a=b")
		write(t, w, string(picture))
	})
	answer, pieces := call(t, instance, "GET", "api/v1/backgrounds/b1/picture", "Viewer")
	if answer.Status != http.StatusOK || !bytes.Equal(answer.Body, picture) || pieces != 3 {
		t.Errorf("status %d, %d bytes in %d pieces", answer.Status, len(answer.Body), pieces)
	}
	header := http.Header(answer.Headers)
	if header.Get("X-Grafana-Cache") == "" || header.Get("Cache-Control") != "private, max-age=3600" || header.Get("ETag") != `"b1"` || header.Get("Set-Cookie") != "" {
		t.Errorf("headers %v", answer.Headers)
	}
}

func TestOnlyListedCallsByTheRightRolesArePassedOn(t *testing.T) {
	instance := serve(t, `{}`, func(w http.ResponseWriter, _ *http.Request) { write(t, w, `{}`) })
	cases := []struct {
		method, path, role string
		want               int
	}{
		{"GET", "api/v1/applications", "Viewer", 200},
		{"GET", "api/v1/facets/city/values", "", 200},
		{"POST", "api/v1/query", "Viewer", 200},
		{"POST", "api/v1/backgrounds/capture", "Viewer", 403},
		{"POST", "api/v1/backgrounds/capture", "", 403},
		{"POST", "api/v1/backgrounds/capture", "Editor", 200},
		{"POST", "api/v1/backgrounds/b1/pin", "Viewer", 403},
		{"DELETE", "api/v1/backgrounds/b1", "Editor", 403},
		{"DELETE", "api/v1/backgrounds/b1", "Admin", 200},
		{"DELETE", "api/v1/applications", "Admin", 404},
		{"POST", "intake/datadog", "Admin", 404},
		{"GET", "metrics", "Admin", 404},
		{"GET", "api/v1/backgrounds/../status", "Admin", 404},
		{"GET", "api/v1/backgrounds//picture", "Admin", 404},
		{"GET", "api/v1/overview", "Viewer", 200},
		{"POST", "api/v1/applications/shop/name", "Viewer", 403},
		{"POST", "api/v1/applications/shop/name", "Editor", 200},
		{"GET", "api/v1/zones", "Viewer", 200},
		{"POST", "api/v1/zones", "Viewer", 403},
		{"POST", "api/v1/zones", "Editor", 200},
		{"DELETE", "api/v1/zones/z1", "Viewer", 403},
		{"DELETE", "api/v1/zones/z1", "Editor", 200},
		{"GET", "api/v1/sites", "Viewer", 200},
		{"POST", "api/v1/sites", "Viewer", 403},
		{"POST", "api/v1/sites", "Editor", 200},
		{"POST", "api/v1/sites/s1/private", "Editor", 403},
		{"POST", "api/v1/sites/s1/private", "Admin", 200},
		{"DELETE", "api/v1/sites/s1", "Editor", 200},
		{"GET", "api/v1/heatmaps", "Viewer", 200},
		{"POST", "api/v1/heatmaps/h1/opened", "Viewer", 200},
		{"POST", "api/v1/heatmaps", "Viewer", 403},
		{"POST", "api/v1/heatmaps", "Editor", 200},
		{"DELETE", "api/v1/heatmaps/h1", "Viewer", 403},
		{"DELETE", "api/v1/heatmaps/h1", "Editor", 200},
		{"POST", "api/v1/heatmaps/h1/restore", "Viewer", 403},
		{"POST", "api/v1/heatmaps/h1/share", "Viewer", 403},
		{"POST", "api/v1/heatmaps/h1/share", "Editor", 200},
		{"GET", "api/v1/shares", "Viewer", 200},
		{"DELETE", "api/v1/shares/s1", "Viewer", 403},
		{"DELETE", "api/v1/shares/s1", "Editor", 200},
		{"GET", "api/v1/jobs/j1", "Viewer", 200},
		{"GET", "s/token/data", "Admin", 404},
	}
	for _, one := range cases {
		t.Run(one.method+" "+one.path+" as "+one.role, func(t *testing.T) {
			if answer, _ := call(t, instance, one.method, one.path, one.role); answer.Status != one.want {
				t.Errorf("answered %d: %s", answer.Status, answer.Body)
			}
		})
	}
}

func TestTheServerIsToldWhoAsksByGrafanaAlone(t *testing.T) {
	var said []string
	instance := serve(t, `{}`, func(w http.ResponseWriter, r *http.Request) {
		said = append(said, r.Header.Get(userHeader))
		write(t, w, `{}`)
	})
	sender := backend.CallResourceResponseSenderFunc(func(*backend.CallResourceResponse) error { return nil })
	for _, user := range []*backend.User{{Login: "ana", Role: "Editor"}, nil} {
		req := &backend.CallResourceRequest{
			PluginContext: backend.PluginContext{User: user},
			Method:        "GET", Path: "api/v1/heatmaps", URL: "api/v1/heatmaps",
			Headers: map[string][]string{userHeader: {"someone-else"}},
		}
		if err := instance.CallResource(context.Background(), req, sender); err != nil {
			t.Fatal(err)
		}
	}
	if len(said) != 2 || said[0] != "ana" || said[1] != "" {
		t.Errorf("said %q", said)
	}
}

func TestARefusedTokenDoesNotEndTheBrowsersSession(t *testing.T) {
	instance := serve(t, `{}`, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	if answer, _ := call(t, instance, "GET", "api/v1/status", "Viewer"); answer.Status != http.StatusBadGateway {
		t.Errorf("answered %d", answer.Status)
	}
}

func TestWhatASettingForbidsIsSaidAsTheServerSaysIt(t *testing.T) {
	for kind, expected := range map[string]int{"application/json": http.StatusForbidden, "text/html": http.StatusBadGateway} {
		instance := serve(t, `{}`, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"message": "shop.test may not be captured"}`))
		})
		answer, _ := call(t, instance, "POST", "api/v1/backgrounds/capture", "Editor")
		if said := strings.Contains(string(answer.Body), "may not be captured"); answer.Status != expected || said != (expected == http.StatusForbidden) {
			t.Errorf("%s: answered %d %s", kind, answer.Status, answer.Body)
		}
	}
}

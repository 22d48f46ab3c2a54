package plugin

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

func TestTheHealthCheckSaysWhatToDo(t *testing.T) {
	const fine = `{"version":"0.1.4","store":{"kind":"duckdb","ok":true}}`
	const shop = `{"applications":[{"application":"shop","views":3,"clicks":9}]}`
	cases := []struct {
		name, settings, status, applications string
		code                                 int
		want                                 string
		health                               backend.HealthStatus
	}{
		{"all is well", `{}`, fine, shop, 200, "with 1 application(s): shop", backend.HealthStatusOk},
		{"no events yet", `{}`, fine, `{"applications":[]}`, 200, "no events have arrived yet", backend.HealthStatusOk},
		{"another server", `{}`, `{"database":"ok"}`, shop, 200, "is not Isotherm", backend.HealthStatusError},
		{"a page of HTML", `{}`, `<html>`, shop, 200, "is not Isotherm", backend.HealthStatusError},
		{"a wrong address", `{}`, `nothing here`, shop, 404, "not Isotherm, or of another version", backend.HealthStatusError},
		{"a path of Isotherm's that is not its root", `{}`, `{"error":{"code":"not_found","message":"The requested URL was not found."}}`, shop, 404, "Check the URL's host, port and path", backend.HealthStatusError},
		{"a wrong token", `{}`, `{}`, shop, 401, "does not accept the token", backend.HealthStatusError},
		{"another version", `{}`, `{"version":"0.2.0","store":{"ok":true}}`, shop, 200, "Install the same version", backend.HealthStatusError},
		{"a store that is down", `{}`, `{"version":"0.1.0","store":{"kind":"influxdb","ok":false,"health":{"state":"down","since_ms":1,"why":"The disk is full.","what_to_do":"Make room."}}}`, shop, 200, "The disk is full. Make room. Run `isotherm doctor`", backend.HealthStatusError},
		{"a store whose comparison ended", `{}`, `{"version":"0.1.0","store":{"kind":"influxdb","ok":false,"progress":{"fault":"KeyError('x')"}}}`, shop, 200, "KeyError('x')", backend.HealthStatusError},
		{"more applications than a message can name", `{"defaultApplication":"blog"}`, fine, `{"applications":[` + strings.Repeat(`{"application":"a"},`, 30) + `{"application":"blog"}],"total":80001}`, 200, "with 80001 application(s): " + strings.Repeat("a, ", 20) + "...", backend.HealthStatusOk},
		{"an unknown application", `{"defaultApplication":"blog"}`, fine, shop, 200, `"blog" has no events`, backend.HealthStatusError},
	}
	for _, one := range cases {
		t.Run(one.name, func(t *testing.T) {
			instance := serve(t, one.settings, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(one.code)
				if r.URL.Path == "/api/v1/status" {
					write(t, w, one.status)
				} else {
					write(t, w, one.applications)
				}
			})
			result, err := instance.CheckHealth(context.Background(), &backend.CheckHealthRequest{PluginContext: backend.PluginContext{PluginVersion: "0.1.0"}})
			if err != nil || result.Status != one.health || !strings.Contains(result.Message, one.want) {
				t.Errorf("answered %v %q, error %v", result.Status, result.Message, err)
			}
		})
	}
}

func TestADefaultApplicationBeyondThoseThatAreToldIsAskedFor(t *testing.T) {
	instance := serve(t, `{"defaultApplication":"blog"}`, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/api/v1/status":
			write(t, w, `{"version":"0.1.4","store":{"kind":"duckdb","ok":true}}`)
		case r.URL.Query().Get("search") == "blog":
			write(t, w, `{"applications":[{"application":"blogs"},{"application":"blog"}],"total":2}`)
		default:
			write(t, w, `{"applications":[{"application":"shop"}],"total":80001}`)
		}
	})
	result, err := instance.CheckHealth(context.Background(), &backend.CheckHealthRequest{})
	if err != nil || result.Status != backend.HealthStatusOk {
		t.Errorf("answered %v, error %v", result, err)
	}
}

func TestAMissingURLIsSaidByEveryCapability(t *testing.T) {
	instance := instanceFor(t, "", `{}`)
	result, err := instance.CheckHealth(context.Background(), &backend.CheckHealthRequest{})
	if err != nil || !strings.Contains(result.Message, "No URL is set") {
		t.Errorf("health %v, error %v", result, err)
	}
	answer, err := instance.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{query("A", `{}`, 0)}})
	if err != nil || !strings.Contains(answer.Responses["A"].Error.Error(), "No URL is set") {
		t.Errorf("answered %v, error %v", answer, err)
	}
}

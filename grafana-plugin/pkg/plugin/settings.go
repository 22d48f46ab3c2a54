package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// tokenKey names the server's token among the secure settings.
const tokenKey = "token"

// settings are what a data source instance is configured with. Timeout, TLS and custom headers are read by the SDK.
type settings struct {
	URL string
	// DefaultApplication is asked for when a query names none.
	DefaultApplication string `json:"defaultApplication"`
	http               httpclient.Options
}

func parseSettings(ctx context.Context, instance backend.DataSourceInstanceSettings) (settings, error) {
	parsed := settings{URL: instance.URL}
	if len(instance.JSONData) > 0 {
		if err := json.Unmarshal(instance.JSONData, &parsed); err != nil {
			return settings{}, fmt.Errorf("read the data source's settings: %w", err)
		}
	}
	options, err := instance.HTTPClientOptions(ctx)
	if err != nil {
		return settings{}, fmt.Errorf("read the data source's HTTP settings: %w", err)
	}
	if token := instance.DecryptedSecureJSONData[tokenKey]; token != "" {
		// The token has the only Authorization header: basic authentication would overwrite it.
		options.BasicAuth = nil
		if options.Header == nil {
			options.Header = http.Header{}
		}
		options.Header.Set("Authorization", "Bearer "+token)
	}
	parsed.http = options
	return parsed, nil
}

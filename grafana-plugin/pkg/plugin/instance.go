// Package plugin is the data source as Grafana sees it: one file per capability, no logic of its own.
package plugin

import (
	"context"
	"fmt"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"

	"isotherm/grafana-plugin/pkg/client"
)

var (
	_ backend.QueryDataHandler      = (*Instance)(nil)
	_ backend.CheckHealthHandler    = (*Instance)(nil)
	_ backend.CallResourceHandler   = (*Instance)(nil)
	_ instancemgmt.InstanceDisposer = (*Instance)(nil)
)

// Instance is one configured data source. Grafana makes a new one whenever its settings change.
type Instance struct {
	settings settings
	client   *client.Client
	// broken is why no request can be sent; every capability reports it.
	broken error
	close  func()
}

// NewInstance makes an instance. Settings that cannot work still make one, so that the health check can say why.
func NewInstance(ctx context.Context, instance backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	parsed, err := parseSettings(ctx, instance)
	if err != nil {
		return nil, err
	}
	httpClient, err := httpclient.New(parsed.http)
	if err != nil {
		return nil, fmt.Errorf("make the HTTP client: %w", err)
	}
	backendClient, broken := client.New(parsed.URL, httpClient)
	return &Instance{settings: parsed, client: backendClient, broken: broken, close: httpClient.CloseIdleConnections}, nil
}

// Dispose lets go of the connections of settings that are no longer in force.
func (i *Instance) Dispose() { i.close() }

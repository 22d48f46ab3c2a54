package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"isotherm/grafana-plugin/pkg/contract"
)

// CheckHealth says whether queries can work and, if not, what to change.
func (i *Instance) CheckHealth(ctx context.Context, req *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	if i.broken != nil {
		return unhealthy(i.broken.Error()), nil
	}
	var server contract.Status
	if err := i.client.Get(ctx, "api/v1/status", "", &server); err != nil {
		return unhealthy(err.Error()), nil
	}
	if server.Version == "" {
		return unhealthy(fmt.Sprintf("What answers at %s is not Isotherm. Check the URL's host, port and path.", i.client.Address())), nil
	}
	plugin := req.PluginContext.PluginVersion
	if plugin != "" && line(plugin) != line(server.Version) {
		return unhealthy(fmt.Sprintf("The server is Isotherm %s, the plugin %s; they may not understand each other. Install the same version of both.", server.Version, plugin)), nil
	}
	if !server.Store.OK {
		return unhealthy(fmt.Sprintf("Isotherm %s runs, but its store does not. %s", server.Version, storeFault(server.Store))), nil
	}
	var known contract.Applications
	everything := url.Values{"from": {"0"}, "to": {strconv.FormatInt(time.Now().UnixMilli(), 10)}}
	if err := i.client.Get(ctx, "api/v1/applications", everything.Encode(), &known); err != nil {
		return unhealthy(err.Error()), nil
	}
	names := namesOf(known)
	// the most visited ones are told; whether another one is there is asked for
	if wanted := i.settings.DefaultApplication; wanted != "" && !slices.Contains(names, wanted) {
		var others contract.Applications
		everything.Set("search", wanted)
		if err := i.client.Get(ctx, "api/v1/applications", everything.Encode(), &others); err != nil {
			return unhealthy(err.Error()), nil
		}
		if slices.Contains(namesOf(others), wanted) {
			names = append(names, wanted)
		}
	}
	return i.healthy(server, names, max(known.Total, int64(len(names))))
}

// namedAtMost is how many applications a message names.
const namedAtMost = 20

func namesOf(known contract.Applications) []string {
	names := []string{}
	for _, one := range known.Applications {
		names = append(names, one.Application)
	}
	return names
}

func (i *Instance) healthy(server contract.Status, names []string, total int64) (*backend.CheckHealthResult, error) {
	listed := strings.Join(names[:min(len(names), namedAtMost)], ", ")
	if total > namedAtMost {
		listed += ", ..."
	}
	details, err := json.Marshal(map[string]any{"version": server.Version, "store": server.Store.Kind, "applications": names})
	if err != nil {
		return nil, fmt.Errorf("write the details of the health check: %w", err)
	}
	message := fmt.Sprintf("Connected to Isotherm %s with %d application(s): %s.", server.Version, total, listed)
	if len(names) == 0 {
		message = fmt.Sprintf("Connected to Isotherm %s, but no events have arrived yet. Point the site's SDK at %s/intake/datadog (or .../intake/guance, /faro, /rrweb), or run `isotherm demo`.", server.Version, i.client.Address())
	} else if wanted := i.settings.DefaultApplication; wanted != "" && !slices.Contains(names, wanted) {
		return unhealthy(fmt.Sprintf("Connected to Isotherm %s, but the default application %q has no events. Choose one of: %s.", server.Version, wanted, listed)), nil
	}
	return &backend.CheckHealthResult{Status: backend.HealthStatusOk, Message: message, JSONDetails: details}, nil
}

// storeFault says what is wrong with the store, and what to do about it.
func storeFault(store contract.StatusStore) string {
	known := []string{store.Health.Why, store.Health.WhatToDo, store.Progress.Fault, "Run `isotherm doctor` on the server."}
	return strings.Join(slices.DeleteFunc(known, func(words string) bool { return words == "" }), " ")
}

// line is what two versions must share to understand each other: the major number, before 1.0 the minor too.
func line(version string) string {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if parts[0] == "0" && len(parts) > 1 {
		return "0." + parts[1]
	}
	return parts[0]
}

func unhealthy(message string) *backend.CheckHealthResult {
	return &backend.CheckHealthResult{Status: backend.HealthStatusError, Message: message}
}

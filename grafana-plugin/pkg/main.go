// The data source's process, started by Grafana.
package main

import (
	"os"

	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"

	"isotherm/grafana-plugin/pkg/plugin"
)

func main() {
	if err := datasource.Manage("isotherm-rum-datasource", plugin.NewInstance, datasource.ManageOpts{}); err != nil {
		log.DefaultLogger.Error("the plugin stopped", "error", err)
		os.Exit(1)
	}
}

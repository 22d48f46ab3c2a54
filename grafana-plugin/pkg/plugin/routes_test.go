package plugin

import (
	"slices"
	"testing"

	"isotherm/grafana-plugin/pkg/contract"
)

// notPassedOn are the routes of the server that nothing in Grafana calls.
var notPassedOn = []contract.Route{
	{Method: "GET", Pattern: "api/v1/questions"},
	{Method: "GET", Pattern: "api/v1/openapi.json"},
	{Method: "POST", Pattern: "api/v1/backup"},
}

func TestEveryRouteOfTheServerHasARoleOrIsLeftOut(t *testing.T) {
	var decided []contract.Route
	for _, one := range routes {
		decided = append(decided, contract.Route{Method: one.method, Pattern: one.pattern})
	}
	for _, one := range contract.Routes {
		if slices.Contains(decided, one) == slices.Contains(notPassedOn, one) {
			t.Errorf("decide who may call %s %s: give it a role, or name it here", one.Method, one.Pattern)
		}
	}
	for _, one := range decided {
		if !slices.Contains(contract.Routes, one) {
			t.Errorf("the server has no %s %s", one.Method, one.Pattern)
		}
	}
}

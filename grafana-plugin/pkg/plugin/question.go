package plugin

import (
	"encoding/json"
	"fmt"
	"regexp"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"isotherm/grafana-plugin/pkg/client"
)

// question is one query as the server wants it: Grafana's JSON without the keys that are Grafana's alone.
type question map[string]any

// grafanaKeys are in every saved query and mean nothing to the server.
var grafanaKeys = []string{"datasource", "datasourceId", "hide", "key", "queryType", "queryCachingTTL", "version"}

// variable is a whole text that a dashboard should have replaced.
var variable = regexp.MustCompile(`^(\$\w+|\$\{\w+(:\w+)?\}|\[\[\w+(:\w+)?\]\])$`)

func (q question) refID() string {
	refID, _ := q["refId"].(string)
	return refID
}

// parse reads one query. Errors: an *client.Error of kind Misconfigured.
func (i *Instance) parse(query backend.DataQuery) (question, error) {
	parsed := question{}
	if err := json.Unmarshal(query.JSON, &parsed); err != nil {
		return nil, &client.Error{Kind: client.Misconfigured, Message: "The saved query is not a JSON object.", Cause: err}
	}
	for _, key := range grafanaKeys {
		delete(parsed, key)
	}
	for name, value := range parsed {
		if left := unreplaced(value); left != "" {
			message := fmt.Sprintf("%s holds the variable %s, which was not replaced: alert rules and public dashboards have no variables. Enter the value itself.", name, left)
			return nil, &client.Error{Kind: client.Misconfigured, Message: message}
		}
	}
	if application, _ := parsed["application"].(string); application == "" && i.settings.DefaultApplication != "" {
		parsed["application"] = i.settings.DefaultApplication
	}
	parsed["refId"] = query.RefID
	parsed["intervalMs"] = query.Interval.Milliseconds()
	parsed["maxDataPoints"] = query.MaxDataPoints
	return parsed, nil
}

// unreplaced returns the first variable that is left in a value, or "".
func unreplaced(value any) string {
	switch value := value.(type) {
	case string:
		if variable.MatchString(value) {
			return value
		}
	case []any:
		for _, item := range value {
			if left := unreplaced(item); left != "" {
				return left
			}
		}
	}
	return ""
}

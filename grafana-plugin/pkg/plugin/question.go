package plugin

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"isotherm/grafana-plugin/pkg/client"
)

// question is one query as the server wants it: Grafana's JSON without the keys that are Grafana's alone.
type question map[string]any

// parsedQuery is a question and what the person is to know about it.
type parsedQuery struct {
	question
	notice string
}

// timeseries is the question about counts over time, which alert rules ask.
const timeseries = "timeseries"

// wholeRange is the number of points that makes one interval of a range. An alert rule is about all of its range, and so
// each function of its reduce expression says the same. Grafana's form starts with Last, which would look at an interval
// that has just begun.
const wholeRange = 1

// grafanaKeys are in every saved query and mean nothing to the server.
var grafanaKeys = []string{"datasource", "datasourceId", "hide", "key", "queryType", "queryCachingTTL"}

func (q question) refID() string {
	refID, _ := q["refId"].(string)
	return refID
}

// parse reads one query; `alert` is whether an alert rule asks, which must never be about something else than it says.
// Errors: an *client.Error of any kind.
func (i *Instance) parse(ctx context.Context, query backend.DataQuery, alert bool) (parsedQuery, error) {
	parsed := question{}
	if err := json.Unmarshal(query.JSON, &parsed); err != nil {
		return parsedQuery{}, &client.Error{Kind: client.Misconfigured, Message: "The saved query is not a JSON object.", Cause: err}
	}
	for _, key := range grafanaKeys {
		delete(parsed, key)
	}
	if _, told := parsed["version"]; !told {
		parsed["version"] = 0 // saved before shapes had numbers; the server migrates it
	}
	values, saved := parsed[publicKey].(map[string]any)
	delete(parsed, publicKey)
	notice := ""
	for name, value := range parsed {
		left := unreplaced(value)
		if left == "" {
			continue
		}
		if !saved || alert {
			message := fmt.Sprintf("%s holds the variable %s, which was not replaced: alert rules and public dashboards have no variables. Enter the value itself.", name, left)
			return parsedQuery{}, &client.Error{Kind: client.Misconfigured, Message: message}
		}
		var err error
		if notice, err = i.inPublic(ctx, parsed, values, spanOf(query)); err != nil {
			return parsedQuery{}, err
		}
		break
	}
	i.withDefault(parsed)
	parsed["refId"] = query.RefID
	parsed["intervalMs"] = query.Interval.Milliseconds()
	parsed["maxDataPoints"] = query.MaxDataPoints
	if alert && parsed["question"] == timeseries {
		parsed["maxDataPoints"] = wholeRange
	}
	return parsedQuery{question: parsed, notice: notice}, nil
}

// withDefault asks for the data source's application where none is named.
func (i *Instance) withDefault(parsed question) {
	if application, _ := parsed["application"].(string); application == "" && i.settings.DefaultApplication != "" {
		parsed["application"] = i.settings.DefaultApplication
	}
}

func spanOf(query backend.DataQuery) timeRange {
	return timeRange{From: query.TimeRange.From.UnixMilli(), To: query.TimeRange.To.UnixMilli()}
}

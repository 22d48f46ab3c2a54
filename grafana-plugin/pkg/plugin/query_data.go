package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"isotherm/grafana-plugin/pkg/client"
)

// timeRange is epoch milliseconds, the end excluded.
type timeRange struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// questions is the body of /api/v1/query: every query of one time range.
type questions struct {
	Range   timeRange  `json:"range"`
	Queries []question `json:"queries"`
}

// fromAlert is Grafana's header of queries that an alert rule asks.
const fromAlert = "FromAlert"

// fromExpression is the header of queries whose answers an expression reads.
const fromExpression = "X-Grafana-From-Expr"

// QueryData posts the queries as they are and hands back Grafana's own response JSON. Queries of one panel share a
// time range and so one request; those of an alert rule may differ.
func (i *Instance) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	response := backend.NewQueryDataResponse()
	var order []timeRange
	byRange := map[timeRange][]question{}
	notices := map[string]string{}
	for _, query := range req.Queries {
		parsed, err := i.parse(ctx, query, req.Headers[fromAlert] != "")
		if err != nil {
			response.Responses[query.RefID] = failed(err)
			continue
		}
		span := spanOf(query)
		if _, seen := byRange[span]; !seen {
			order = append(order, span)
		}
		byRange[span] = append(byRange[span], parsed.question)
		notices[query.RefID] = parsed.notice
	}
	for _, span := range order {
		i.ask(ctx, questions{Range: span, Queries: byRange[span]}, response.Responses)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		// Whoever asked has gone: nothing went wrong, and Grafana's log is to say so.
		return nil, fmt.Errorf("answer the queries: %w", ctx.Err())
	}
	if req.Headers[fromAlert] != "" || req.GetHTTPHeader(fromExpression) != "" {
		for refID, answer := range response.Responses {
			answer.Frames = mainFrames(answer.Frames)
			response.Responses[refID] = answer
		}
	}
	for refID, notice := range notices {
		notify(response.Responses[refID].Frames, notice)
	}
	return response, nil
}

// ask posts the questions of one time range and adds an answer for each to responses.
func (i *Instance) ask(ctx context.Context, asked questions, responses backend.Responses) {
	answers, header, err := i.post(ctx, asked)
	spent := timings(header.Get("Server-Timing"))
	for _, query := range asked.Queries {
		answer, found := answers.Responses[query.refID()]
		switch {
		case err != nil:
			answer = failed(err)
		case !found:
			answer = failed(&client.Error{Kind: client.NotIsotherm, Message: "Isotherm gave no answer to this query. Install the same version of the plugin and the server."})
		default:
			describe(answer.Frames, query)
			if len(answer.Frames) > 0 {
				// They are of the whole post: the inspector, which lists those of all frames, is to show them once.
				answer.Frames[0].Meta.Stats, spent = spent, nil
			}
		}
		responses[query.refID()] = answer
	}
}

func (i *Instance) post(ctx context.Context, asked questions) (backend.QueryDataResponse, http.Header, error) {
	var answers backend.QueryDataResponse
	if i.broken != nil {
		return answers, nil, i.broken
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return answers, nil, fmt.Errorf("write the questions: %w", err)
	}
	text, header, err := i.client.Ask(ctx, body)
	if err != nil {
		return answers, nil, err
	}
	if err := json.Unmarshal(text, &answers); err != nil {
		message := fmt.Sprintf("The answer of %s cannot be read. Install the same version of the plugin and the server.", i.client.Address())
		return answers, nil, &client.Error{Kind: client.NotIsotherm, Message: message, Cause: err}
	}
	return answers, header, nil
}

// failed turns an error into the answer to one query. What the server or the network did is "downstream".
func failed(err error) backend.DataResponse {
	var failure *client.Error
	if !errors.As(err, &failure) {
		return backend.ErrDataResponseWithSource(backend.StatusInternal, backend.ErrorSourcePlugin, err.Error())
	}
	status := backend.StatusBadGateway
	switch failure.Kind {
	case client.Misconfigured:
		status = backend.StatusBadRequest
	case client.Refused:
		status = backend.Status(failure.Status)
	case client.Unreachable, client.Cancelled, client.Unauthorised, client.NotIsotherm:
		// A 401 of ours must not reach the browser, which would take it for its own session's end.
	}
	return backend.ErrDataResponseWithSource(status, backend.ErrorSourceDownstream, failure.Message)
}

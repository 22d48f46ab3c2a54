package plugin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

const twoAnswers = `{"results":{
 "A":{"status":200,"frames":[{"schema":{"name":"heat","refId":"A","meta":{"custom":{"isotherm":{"cell_px":8}}},
  "fields":[{"name":"x","type":"number","typeInfo":{"frame":"int64"}}]},"data":{"values":[[8,16]]}}]},
 "B":{"status":400,"error":"page is missing","errorSource":"downstream","frames":[]}}}`

func TestQueriesOfOneRangeAreOnePostAndFailAlone(t *testing.T) {
	posts := 0
	instance := serve(t, `{"defaultApplication":"shop","httpHeaderName1":"X-Team"}`, func(w http.ResponseWriter, r *http.Request) {
		posts++
		asked := read(t, r)
		if r.URL.Path != "/api/v1/query" || r.Header.Get("Authorization") != "Bearer secret" || r.Header.Get("X-Team") != "blue" {
			t.Errorf("asked %s with %v", r.URL.Path, r.Header)
		}
		if asked.Range["from"] != 0 || asked.Range["to"] != 3_600_000 || len(asked.Queries) != 2 {
			t.Errorf("asked %+v", asked)
		}
		first := asked.Queries[0]
		if first["application"] != "shop" || first["intervalMs"] != 60_000.0 || first["datasource"] != nil || first["hide"] != nil {
			t.Errorf("the query arrived as %v", first)
		}
		if first["version"] != 1.0 || asked.Queries[1]["version"] != 0.0 {
			t.Errorf("the shapes arrived as %v and %v", first["version"], asked.Queries[1]["version"])
		}
		w.Header().Set("Server-Timing", `sql;desc="Scan";dur=4.5, frames;dur=1`)
		write(t, w, twoAnswers)
	})

	answer, err := instance.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{
		query("A", `{"question":"heat","version":1,"page":"/","datasource":{"uid":"x"},"hide":false}`, 0),
		query("B", `{"question":"heat"}`, 0),
	}})
	if err != nil || posts != 1 {
		t.Fatalf("%d posts, error %v", posts, err)
	}
	meta := answer.Responses["A"].Frames[0].Meta
	if len(meta.Stats) != 2 || meta.Stats[0].DisplayName != "Isotherm: Scan" || meta.Stats[0].Value != 4.5 {
		t.Errorf("stats %+v", meta.Stats)
	}
	if !strings.Contains(meta.ExecutedQueryString, `"question": "heat"`) {
		t.Errorf("executed query %q", meta.ExecutedQueryString)
	}
	second := answer.Responses["B"]
	if second.Error == nil || second.Error.Error() != "page is missing" || second.ErrorSource != backend.ErrorSourceDownstream {
		t.Errorf("B answered %+v", second)
	}
}

func TestTimesOfAPostAreToldOnce(t *testing.T) {
	instance := serve(t, `{}`, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Server-Timing", "total;dur=7")
		frame := `{"schema":{"fields":[]},"data":{"values":[]}}`
		write(t, w, `{"results":{"A":{"status":200,"frames":[]},"B":{"status":200,"frames":[`+frame+","+frame+`]}}}`)
	})
	answer, err := instance.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{
		query("A", `{"question":"timeseries"}`, 0), query("B", `{"question":"timeseries"}`, 0),
	}})
	if err != nil {
		t.Fatal(err)
	}
	frames := answer.Responses["B"].Frames
	if len(frames[0].Meta.Stats) != 1 || frames[0].Meta.Stats[0].Value != 7 || len(frames[1].Meta.Stats) != 0 {
		t.Errorf("stats %+v and %+v", frames[0].Meta.Stats, frames[1].Meta.Stats)
	}
}

func TestAnAlertRuleAsksAboutItsWholeRange(t *testing.T) {
	var points []any
	instance := serve(t, `{}`, func(w http.ResponseWriter, r *http.Request) {
		for _, one := range read(t, r).Queries {
			points = append(points, one["maxDataPoints"])
		}
		write(t, w, `{"results":{}}`)
	})
	counts, samples := query("counts", `{"question":"timeseries"}`, 0), query("samples", `{"question":"operations"}`, 0)
	counts.MaxDataPoints, samples.MaxDataPoints = 43_200, 43_200
	for _, headers := range []map[string]string{{}, {fromAlert: "true"}} {
		request := &backend.QueryDataRequest{Headers: headers, Queries: []backend.DataQuery{counts, samples}}
		if _, err := instance.QueryData(context.Background(), request); err != nil {
			t.Fatal(err)
		}
	}
	if want := []any{43_200.0, 43_200.0, 1.0, 43_200.0}; !reflect.DeepEqual(points, want) {
		t.Errorf("asked for %v points, not %v", points, want)
	}
}

func TestQueriesOfTwoRangesAreTwoPosts(t *testing.T) {
	var starts []int64
	instance := serve(t, `{}`, func(w http.ResponseWriter, r *http.Request) {
		asked := read(t, r)
		starts = append(starts, asked.Range["from"])
		refID, _ := asked.Queries[0]["refId"].(string)
		write(t, w, `{"results":{"`+refID+`":{"status":200,"frames":[]}}}`)
	})
	answer, err := instance.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{
		query("now", `{"question":"timeseries"}`, 7_200_000), query("before", `{"question":"timeseries"}`, 0),
	}})
	if err != nil || len(starts) != 2 || starts[0] != 7_200_000 || len(answer.Responses) != 2 {
		t.Fatalf("starts %v, answer %v, error %v", starts, answer, err)
	}
}

func TestWhatGoesWrongIsSaidPerQuery(t *testing.T) {
	status, text := http.StatusOK, ""
	instance := serve(t, `{}`, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		write(t, w, text)
	})
	cases := []struct {
		name, query string
		status      int
		body        string
		want        string
		wantStatus  backend.Status
	}{
		{"a variable that nobody replaced", `{"question":"heat","page":"${page}"}`, 200, "", "page holds the variable ${page}", backend.StatusBadRequest},
		{"a variable in a list", `{"question":"heat","pages":["/a","$page"]}`, 200, "", "$page", backend.StatusBadRequest},
		{"a wrong token", `{"question":"heat"}`, 401, `{}`, "does not accept the token", backend.StatusBadGateway},
		{"an error of the server's own", `{"question":"heat"}`, 503, `{"error":{"code":"store_unavailable","message":"The disk is full."}}`, "The disk is full.", 503},
		{"a page of HTML", `{"question":"heat"}`, 200, `<html>`, "cannot be read", backend.StatusBadGateway},
		{"a missing answer", `{"question":"heat"}`, 200, `{"results":{}}`, "no answer to this query", backend.StatusBadGateway},
	}
	for _, one := range cases {
		t.Run(one.name, func(t *testing.T) {
			status, text = one.status, one.body
			answer, err := instance.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{query("A", one.query, 0)}})
			if err != nil {
				t.Fatal(err)
			}
			got := answer.Responses["A"]
			if got.Error == nil || !strings.Contains(got.Error.Error(), one.want) || got.Status != one.wantStatus || got.ErrorSource != backend.ErrorSourceDownstream {
				t.Errorf("answered %+v", got)
			}
		})
	}
}

func TestAPublicDashboardsQueriesHaveTheValuesSavedWithThem(t *testing.T) {
	var asked []map[string]any
	instance := serve(t, `{"defaultApplication":"shop"}`, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/pages" {
			if r.URL.Query().Get("application") != "shop" || r.URL.Query().Get("to") != "3600000" {
				t.Errorf("pages of %s", r.URL.RawQuery)
			}
			write(t, w, `{"pages":[{"page":"/most/visited"}]}`)
			return
		}
		asked = read(t, r).Queries
		write(t, w, `{"results":{"A":{"status":200,"frames":[{"schema":{"refId":"A","fields":[]},"data":{"values":[]}}]}}}`)
	})
	cases := []struct {
		name, query string
		want        map[string]any
	}{
		{"saved values", `{"question":"heat","application":"$application","page":"${page:raw}","filters":[{"key":"env","value":"$env"}],
			"in_public":{"application":"blog","page":"/post","env":["prod","beta"]}}`,
			map[string]any{"application": "blog", "page": "/post", "filters": []any{map[string]any{"key": "env", "value": []any{"prod", "beta"}}}}},
		{"nothing saved", `{"question":"heat","application":"$application","page":"[[page]]","signal":"$signal",
			"filters":[{"key":"env","value":"$env"},{"key":"city","value":"Rome"}],"in_public":{}}`,
			map[string]any{"application": "shop", "page": "/most/visited", "signal": nil, "filters": []any{map[string]any{"key": "city", "value": "Rome"}}}},
		{"a text around a variable", `{"question":"pages","application":"$application","search":"/shop/${part}/x","in_public":{"part":"cart"}}`,
			map[string]any{"application": "shop", "search": "/shop/cart/x", "in_public": nil}},
	}
	for _, one := range cases {
		t.Run(one.name, func(t *testing.T) {
			answer, err := instance.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{query("A", one.query, 0)}})
			if err != nil || answer.Responses["A"].Error != nil {
				t.Fatalf("answered %+v, error %v", answer, err)
			}
			for key, want := range one.want {
				if !reflect.DeepEqual(asked[0][key], want) {
					t.Errorf("%s is %v, not %v", key, asked[0][key], want)
				}
			}
			if notices := answer.Responses["A"].Frames[0].Meta.Notices; len(notices) != 1 || !strings.Contains(notices[0].Text, "no variables") {
				t.Errorf("notices %v", notices)
			}
		})
	}
	alert := &backend.QueryDataRequest{Headers: map[string]string{fromAlert: "true"}, Queries: []backend.DataQuery{query("A", cases[0].query, 0)}}
	answer, err := instance.QueryData(context.Background(), alert)
	if err != nil || answer.Responses["A"].Error == nil {
		t.Errorf("an alert rule was answered %+v, error %v", answer, err)
	}
}

func TestAServerThatIsAwayIsSaidWithACure(t *testing.T) {
	instance := instanceFor(t, "http://127.0.0.1:1", `{}`)
	answer, err := instance.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{query("A", `{"question":"heat"}`, 0)}})
	if err != nil || !strings.Contains(answer.Responses["A"].Error.Error(), "connection was refused") {
		t.Fatalf("answered %+v, error %v", answer, err)
	}
}

func TestExpressionsAreGivenTheTableAlone(t *testing.T) {
	frame := func(name string) string {
		return `{"schema":{"name":"` + name + `","fields":[{"name":"value","type":"number","typeInfo":{"frame":"int64"}}]},"data":{"values":[[1]]}}`
	}
	answers := `{"results":{"A":{"status":200,"frames":[` + frame("heat") + "," + frame("picture") + `]},` +
		`"B":{"status":200,"frames":[` + frame("timeseries") + "," + frame("timeseries") + `]}}}`
	instance := serve(t, `{}`, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, answers) })
	queries := []backend.DataQuery{query("A", `{"question":"heat"}`, 0), query("B", `{"question":"timeseries"}`, 0)}
	for header, frames := range map[string][2]int{"": {2, 2}, "http_" + fromExpression: {1, 2}, fromAlert: {1, 2}} {
		asked := &backend.QueryDataRequest{Headers: map[string]string{header: "true"}, Queries: queries}
		answer, err := instance.QueryData(context.Background(), asked)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]int{len(answer.Responses["A"].Frames), len(answer.Responses["B"].Frames)}; got != frames {
			t.Errorf("with the header %q there are %v frames, not %v", header, got, frames)
		}
	}
}

func TestWhoeverAskedMayGoAway(t *testing.T) {
	ctx, leave := context.WithCancel(context.Background())
	instance := serve(t, `{}`, func(_ http.ResponseWriter, r *http.Request) {
		read(t, r) // a server notices that nobody waits once it has read everything
		leave()
		<-r.Context().Done()
	})
	_, err := instance.QueryData(ctx, &backend.QueryDataRequest{Queries: []backend.DataQuery{query("A", `{"question":"heat"}`, 0)}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("answered with error %v", err)
	}
}

package plugin

import (
	"context"
	"net/http"
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
		w.Header().Set("Server-Timing", `sql;desc="Scan";dur=4.5, frames;dur=1`)
		write(t, w, twoAnswers)
	})

	answer, err := instance.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{
		query("A", `{"question":"heat","page":"/","datasource":{"uid":"x"},"hide":false}`, 0),
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

func TestAServerThatIsAwayIsSaidWithACure(t *testing.T) {
	instance := instanceFor(t, "http://127.0.0.1:1", `{}`)
	answer, err := instance.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{query("A", `{"question":"heat"}`, 0)}})
	if err != nil || !strings.Contains(answer.Responses["A"].Error.Error(), "connection was refused") {
		t.Fatalf("answered %+v, error %v", answer, err)
	}
}

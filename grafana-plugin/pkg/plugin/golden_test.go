package plugin

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// golden is one file of tests/api/golden: what is asked, and what the server answers. pytest and jest read the same.
type golden struct {
	Request struct {
		Queries []json.RawMessage `json:"queries"`
	} `json:"request"`
	Response json.RawMessage `json:"response"`
}

func TestEveryGoldenAnswerIsReadWhole(t *testing.T) {
	files, err := filepath.Glob("../../../tests/api/golden/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden bodies: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var body golden
			if err := json.Unmarshal(text, &body); err != nil {
				t.Fatal(err)
			}
			instance := serve(t, `{}`, func(w http.ResponseWriter, _ *http.Request) { write(t, w, string(body.Response)) })
			answer, err := instance.QueryData(context.Background(), &backend.QueryDataRequest{
				Queries: []backend.DataQuery{query("A", string(body.Request.Queries[0]), 0)},
			})
			if err != nil {
				t.Fatal(err)
			}
			compare(t, body.Response, answer.Responses["A"])
		})
	}
}

// compare checks that nothing of the server's answer was lost on the way to Grafana.
func compare(t *testing.T, sent json.RawMessage, got backend.DataResponse) {
	t.Helper()
	var want struct {
		Results map[string]struct {
			Error  string `json:"error"`
			Frames []struct {
				Schema struct {
					Fields []struct {
						Name string `json:"name"`
					} `json:"fields"`
				} `json:"schema"`
				Data struct {
					Values [][]any `json:"values"`
				} `json:"data"`
			} `json:"frames"`
		} `json:"results"`
	}
	if err := json.Unmarshal(sent, &want); err != nil {
		t.Fatal(err)
	}
	result := want.Results["A"]
	if (result.Error == "") != (got.Error == nil) || len(result.Frames) != len(got.Frames) {
		t.Fatalf("%d frames and error %v arrived, %d and %q were sent", len(got.Frames), got.Error, len(result.Frames), result.Error)
	}
	for i, frame := range result.Frames {
		for j, field := range frame.Schema.Fields {
			arrived := got.Frames[i].Fields[j]
			if arrived.Name != field.Name || arrived.Len() != len(frame.Data.Values[j]) {
				t.Errorf("field %q has %d values, sent were %q with %d", arrived.Name, arrived.Len(), field.Name, len(frame.Data.Values[j]))
			}
		}
	}
}

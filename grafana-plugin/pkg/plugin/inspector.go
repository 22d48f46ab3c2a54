package plugin

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// describe lets Grafana's query inspector show what was asked.
func describe(frames data.Frames, asked question) {
	for _, frame := range frames {
		if frame.Meta == nil {
			frame.Meta = &data.FrameMeta{}
		}
		if frame.Meta.ExecutedQueryString == "" {
			if text, err := json.MarshalIndent(asked, "", "  "); err == nil {
				frame.Meta.ExecutedQueryString = string(text)
			}
		}
	}
}

// mainFrames leaves out what accompanies an answer, such as the picture under the heat: an expression reads a table, or the
// series of one, and refuses anything beside it.
func mainFrames(frames data.Frames) data.Frames {
	if len(frames) == 0 {
		return frames
	}
	return slices.DeleteFunc(slices.Clone(frames), func(frame *data.Frame) bool { return frame.Name != frames[0].Name })
}

// notify puts a notice on the first frame, where panels show it.
func notify(frames data.Frames, text string) {
	if text == "" || len(frames) == 0 {
		return
	}
	if frames[0].Meta == nil {
		frames[0].Meta = &data.FrameMeta{}
	}
	frames[0].AppendNotices(data.Notice{Severity: data.NoticeSeverityInfo, Text: text})
}

// timings reads a Server-Timing header (W3C): `sql;dur=4.1;desc="scan", frames;dur=0.8`, durations in ms.
func timings(header string) []data.QueryStat {
	var stats []data.QueryStat
	for metric := range strings.SplitSeq(header, ",") {
		parts := strings.Split(metric, ";")
		name := strings.TrimSpace(parts[0])
		for _, part := range parts[1:] {
			key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			switch strings.ToLower(key) {
			case "desc":
				name = strings.Trim(value, `"`)
			case "dur":
				if duration, err := strconv.ParseFloat(strings.Trim(value, `"`), 64); err == nil {
					stats = append(stats, data.QueryStat{FieldConfig: data.FieldConfig{Unit: "ms"}, Value: duration})
				}
			}
		}
		if len(stats) > 0 && stats[len(stats)-1].DisplayName == "" {
			stats[len(stats)-1].DisplayName = "Isotherm: " + name
		}
	}
	return stats
}

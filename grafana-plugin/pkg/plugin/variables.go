package plugin

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"isotherm/grafana-plugin/pkg/client"
	"isotherm/grafana-plugin/pkg/contract"
)

// publicKey holds what a saved query gives for its dashboard's variables where there are none: in public dashboards,
// whose queries Grafana takes as they were saved. A browser that has variables leaves it out.
const publicKey = "in_public"

// anyVariable finds variables in a text; wholeVariable is a text that is one, as a dashboard should have replaced it.
var (
	anyVariable   = regexp.MustCompile(`\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\]|\$(\w+)`)
	wholeVariable = regexp.MustCompile(`^(?:\$\{\w+(?::\w+)?\}|\[\[\w+(?::\w+)?\]\]|\$\w+)$`)
)

func nameOf(match []string) string { return match[1] + match[2] + match[3] }

// withValues puts values in the place of variables; those without a value stay.
func withValues(value any, values map[string]any) any {
	switch value := value.(type) {
	case string:
		if wholeVariable.MatchString(value) {
			if given, known := values[nameOf(anyVariable.FindStringSubmatch(value))]; known {
				return given
			}
			return value
		}
		return anyVariable.ReplaceAllStringFunc(value, func(match string) string {
			if given, known := values[nameOf(anyVariable.FindStringSubmatch(match))].(string); known {
				return given
			}
			return match
		})
	case []any:
		replaced := make([]any, len(value))
		for i, item := range value {
			replaced[i] = withValues(item, values)
		}
		return replaced
	case map[string]any:
		replaced := map[string]any{}
		for key, item := range value {
			replaced[key] = withValues(item, values)
		}
		return replaced
	}
	return value
}

// unreplaced returns the first variable that is left in a value, or "".
func unreplaced(value any) string {
	switch value := value.(type) {
	case string:
		if wholeVariable.MatchString(value) {
			return value
		}
	case []any:
		for _, item := range value {
			if left := unreplaced(item); left != "" {
				return left
			}
		}
	case map[string]any:
		for _, item := range value {
			if left := unreplaced(item); left != "" {
				return left
			}
		}
	}
	return ""
}

// inPublic answers for the variables of a query in a public dashboard: by the values saved with it, else by what the
// question takes when nothing is chosen, and for the page by the most visited one. It returns what is shown, in words.
// Errors: an *client.Error of any kind.
func (i *Instance) inPublic(ctx context.Context, parsed question, values map[string]any, span timeRange) (string, error) {
	var dropped []string
	for name, value := range parsed {
		value = withValues(value, values)
		if list, isList := value.([]any); isList {
			kept := slices.DeleteFunc(slices.Clone(list), func(item any) bool { return unreplaced(item) != "" })
			if len(kept) < len(list) {
				dropped = append(dropped, name)
			}
			value = kept
		}
		parsed[name] = value
		if unreplaced(value) != "" {
			dropped = append(dropped, name)
			delete(parsed, name)
		}
	}
	i.withDefault(parsed)
	if slices.Contains(dropped, "page") {
		page, err := i.mostVisited(ctx, parsed, span)
		if err != nil {
			return "", err
		}
		parsed["page"] = page
	}
	return shownOf(parsed), nil
}

func shownOf(parsed question) string {
	var shown []string
	for _, name := range []string{"application", "page"} {
		if text, isText := parsed[name].(string); isText && text != "" {
			shown = append(shown, name+" "+text)
		}
	}
	return fmt.Sprintf("A public dashboard has no variables: this is %s.", strings.Join(shown, ", "))
}

func (i *Instance) mostVisited(ctx context.Context, parsed question, span timeRange) (string, error) {
	if i.broken != nil {
		return "", i.broken
	}
	application, _ := parsed["application"].(string)
	asked := url.Values{
		"application": {application}, "limit": {"1"},
		"from": {strconv.FormatInt(span.From, 10)}, "to": {strconv.FormatInt(span.To, 10)},
	}
	var answer contract.Pages
	if err := i.client.Get(ctx, "api/v1/pages", asked.Encode(), &answer); err != nil {
		return "", err
	}
	if len(answer.Pages) == 0 {
		return "", &client.Error{Kind: client.Misconfigured, Message: fmt.Sprintf("No page of %s was visited in this time.", application)}
	}
	return answer.Pages[0].Page, nil
}

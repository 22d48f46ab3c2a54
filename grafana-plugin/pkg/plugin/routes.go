package plugin

import (
	"net/http"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// role is an organisation role of Grafana's, in growing order of rights.
type role string

const (
	viewer role = "Viewer"
	editor role = "Editor"
	admin  role = "Admin"
)

var rank = map[role]int{viewer: 1, editor: 2, admin: 3}

// route is one call that Grafana's users may make, and the least role for it. A star stands for one path segment.
type route struct {
	method  string
	pattern string
	role    role
}

// routes is the whole list: what is not here is not passed on.
var routes = []route{
	{http.MethodGet, "api/v1/status", viewer},
	{http.MethodGet, "api/v1/quarantine", viewer},
	{http.MethodPost, "api/v1/quarantine/retry", admin},
	{http.MethodGet, "api/v1/applications", viewer},
	{http.MethodPost, "api/v1/applications/*/name", editor},
	{http.MethodGet, "api/v1/overview", viewer},
	{http.MethodGet, "api/v1/pages", viewer},
	{http.MethodGet, "api/v1/elements", viewer},
	{http.MethodGet, "api/v1/traces/*", viewer},
	{http.MethodGet, "api/v1/facets", viewer},
	{http.MethodGet, "api/v1/facets/*/values", viewer},
	{http.MethodPost, "api/v1/query", viewer},
	{http.MethodGet, "api/v1/backgrounds", viewer},
	{http.MethodGet, "api/v1/backgrounds/*", viewer},
	{http.MethodGet, "api/v1/backgrounds/*/picture", viewer},
	{http.MethodGet, "api/v1/backgrounds/*/boxes", viewer},
	{http.MethodGet, "api/v1/backgrounds/*/thumbnail", viewer},
	{http.MethodGet, "api/v1/backgrounds/*/tiles/*", viewer},
	{http.MethodGet, "api/v1/replays/*", viewer},
	{http.MethodGet, "api/v1/replays/*/*", viewer},
	{http.MethodGet, "api/v1/jobs/*", viewer},
	{http.MethodPost, "api/v1/backgrounds/upload", editor},
	{http.MethodPost, "api/v1/backgrounds/capture", editor},
	{http.MethodPost, "api/v1/backgrounds/*/pin", editor},
	{http.MethodDelete, "api/v1/backgrounds/*", admin},
	{http.MethodGet, "api/v1/heatmaps", viewer},
	{http.MethodGet, "api/v1/heatmaps/*", viewer},
	{http.MethodPost, "api/v1/heatmaps/*/opened", viewer},
	{http.MethodPost, "api/v1/heatmaps", editor},
	{http.MethodDelete, "api/v1/heatmaps/*", editor},
	{http.MethodPost, "api/v1/heatmaps/*/restore", editor},
	{http.MethodPost, "api/v1/heatmaps/*/rename", editor},
	{http.MethodPost, "api/v1/heatmaps/*/share", editor},
	{http.MethodGet, "api/v1/shares", viewer},
	{http.MethodGet, "api/v1/sites", viewer},
	{http.MethodPost, "api/v1/sites", editor},
	{http.MethodPost, "api/v1/sites/*/private", admin},
	{http.MethodDelete, "api/v1/sites/*", editor},
	{http.MethodGet, "api/v1/zones", viewer},
	{http.MethodPost, "api/v1/zones", editor},
	{http.MethodDelete, "api/v1/zones/*", editor},
	{http.MethodDelete, "api/v1/shares/*", editor},
	{http.MethodPost, "api/v1/dead_letters/retry", admin},
	{http.MethodGet, "api/v1/audit", admin},
}

// find returns the route of a call, or nil.
func find(method, path string) *route {
	for i := range routes {
		if routes[i].method == method && matches(routes[i].pattern, path) {
			return &routes[i]
		}
	}
	return nil
}

func matches(pattern, path string) bool {
	wanted, given := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(wanted) != len(given) {
		return false
	}
	for i, segment := range given {
		if segment == "" || segment == "." || segment == ".." || (wanted[i] != "*" && wanted[i] != segment) {
			return false
		}
	}
	return true
}

// allowed tells whether a caller has the role. Someone who is not logged in may at most read.
func allowed(needed role, user *backend.User) bool {
	if user == nil || rank[role(user.Role)] == 0 {
		return needed == viewer
	}
	return rank[role(user.Role)] >= rank[needed]
}

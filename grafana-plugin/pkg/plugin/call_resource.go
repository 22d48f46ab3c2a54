package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"isotherm/grafana-plugin/pkg/client"
)

// pieceSize is how much of an answer is sent at a time, so that a large picture is never held whole.
const pieceSize = 64 << 10

// requestHeaders and answerHeaders are passed on; everything else stays on its side.
var (
	requestHeaders = []string{"Accept", "Content-Type", "If-None-Match", "If-Modified-Since"}
	answerHeaders  = []string{"Content-Type", "Content-Disposition", "ETag", "Last-Modified", "Retry-After", "Server-Timing"}
)

// userHeader tells the server who asks. It believes it because of the token that comes along; what a browser says
// under this name is not passed on.
const userHeader = "X-Grafana-User"

// CallResource passes a call on to the server if the table of routes and the caller's role allow it.
func (i *Instance) CallResource(ctx context.Context, req *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	target, err := url.Parse(req.URL)
	if err != nil {
		return refuse(sender, http.StatusBadRequest, "invalid", "The address of the call cannot be read.")
	}
	path := strings.Trim(req.Path, "/")
	found := find(req.Method, path)
	switch {
	case found == nil:
		return refuse(sender, http.StatusNotFound, "not_found", fmt.Sprintf("%s %s is not open to Grafana.", req.Method, path))
	case !allowed(found.role, req.PluginContext.User):
		return refuse(sender, http.StatusForbidden, "forbidden", fmt.Sprintf("This needs the role %s.", found.role))
	case i.broken != nil:
		return refuse(sender, http.StatusBadRequest, "invalid", i.broken.Error())
	}
	header := pick(req.GetHTTPHeaders(), requestHeaders)
	if user := req.PluginContext.User; user != nil && user.Login != "" {
		header.Set(userHeader, user.Login)
	}
	outgoing := client.Request{Method: req.Method, Path: path, Query: target.RawQuery, Header: header, Body: req.Body}
	response, err := i.client.Do(ctx, outgoing)
	if err != nil {
		return refuse(sender, http.StatusBadGateway, "unreachable", err.Error())
	}
	return errors.Join(pass(response, sender), response.Body.Close())
}

// pass sends the server's answer on in pieces. Errors: reading the answer, or Grafana having gone away.
func pass(response *http.Response, sender backend.CallResourceResponseSender) error {
	header := pick(response.Header, answerHeaders)
	if control := response.Header.Get("Cache-Control"); response.Header.Get("ETag") != "" && control != "no-store" {
		// Grafana replaces Cache-Control by no-store unless it is "private" and X-Grafana-Cache is there.
		header["Cache-Control"] = []string{"private, max-age=3600"}
		header["X-Grafana-Cache"] = []string{"y"}
	}
	status := response.StatusCode
	// Isotherm refuses a token with 401; its 403 says what a setting forbids. A proxy before it knows only tokens.
	proxys := status == http.StatusForbidden && !strings.HasPrefix(response.Header.Get("Content-Type"), "application/json")
	if status == http.StatusUnauthorized || proxys {
		// The browser would take it for the end of its own session.
		return refuse(sender, http.StatusBadGateway, "unauthorised", "Isotherm does not accept the data source's token.")
	}
	piece := make([]byte, pieceSize)
	for first := true; ; first = false {
		n, err := io.ReadFull(response.Body, piece)
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return fmt.Errorf("read the server's answer: %w", err)
		}
		if n > 0 || first {
			if err := sender.Send(&backend.CallResourceResponse{Status: status, Headers: header, Body: piece[:n]}); err != nil {
				return fmt.Errorf("send the answer on: %w", err)
			}
			header = nil
		}
		if last {
			return nil
		}
	}
}

func pick(from http.Header, names []string) http.Header {
	picked := http.Header{}
	for _, name := range names {
		if values := from.Values(name); len(values) > 0 {
			picked[http.CanonicalHeaderKey(name)] = slices.Clone(values)
		}
	}
	return picked
}

// refuse answers with an error body of the server's own form.
func refuse(sender backend.CallResourceResponseSender, status int, code, message string) error {
	body, err := json.Marshal(map[string]any{"error": map[string]string{"code": code, "message": message}, "message": message})
	if err != nil {
		return fmt.Errorf("write the refusal: %w", err)
	}
	return sender.Send(&backend.CallResourceResponse{Status: status, Headers: map[string][]string{"Content-Type": {"application/json"}}, Body: body})
}

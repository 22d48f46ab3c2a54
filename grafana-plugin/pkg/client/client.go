// Package client talks HTTP to one Isotherm server.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxErrorBody is how much of a refusal is read: enough for a sentence, not for a page of HTML.
const maxErrorBody = 64 << 10

// Client sends requests to the server at one address. It is safe for concurrent use.
type Client struct {
	base *url.URL
	http *http.Client
}

// New makes a client for the address of a server, which may have a path. Errors: an *Error of kind Misconfigured.
func New(address string, httpClient *http.Client) (*Client, error) {
	address = strings.TrimSpace(address)
	if address == "" {
		return nil, &Error{Kind: Misconfigured, Message: "No URL is set. Enter the address of the Isotherm server, for example http://127.0.0.1:8420."}
	}
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, &Error{Kind: Misconfigured, Message: fmt.Sprintf("The URL %q is not an http(s) address, for example http://127.0.0.1:8420.", address)}
	}
	base.Path = strings.TrimRight(base.Path, "/")
	base.RawPath = ""
	base.RawQuery = ""
	base.Fragment = ""
	return &Client{base: base, http: httpClient}, nil
}

// Address is where the server is, without a slash at the end.
func (c *Client) Address() string { return c.base.String() }

// Request is one call to the server. Path has no slash in front.
type Request struct {
	Method string
	Path   string
	Query  string // encoded, without the question mark
	Header http.Header
	Body   []byte
}

// Do sends a request and returns the answer whatever its status; the caller closes the body.
// Errors: an *Error of kind Unreachable, or Cancelled when ctx ended.
func (c *Client) Do(ctx context.Context, request Request) (*http.Response, error) {
	target := *c.base
	target.Path = c.base.Path + "/" + request.Path
	target.RawQuery = request.Query
	outgoing, err := http.NewRequestWithContext(ctx, request.Method, target.String(), bytes.NewReader(request.Body))
	if err != nil {
		return nil, &Error{Kind: Misconfigured, Message: "The request could not be made.", Cause: err}
	}
	for name, values := range request.Header {
		outgoing.Header[name] = values
	}
	response, err := c.http.Do(outgoing)
	if err != nil {
		return nil, unreachable(ctx, c.Address(), err)
	}
	return response, nil
}

// Ask posts questions (the body of /api/v1/query) and returns the answer's body and headers.
// Errors: an *Error of any kind.
func (c *Client) Ask(ctx context.Context, body []byte) ([]byte, http.Header, error) {
	request := Request{
		Method: http.MethodPost,
		Path:   "api/v1/query",
		Header: http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}},
		Body:   body,
	}
	return c.read(ctx, request)
}

// Get reads a JSON answer into out. Errors: an *Error of any kind.
func (c *Client) Get(ctx context.Context, path, query string, out any) error {
	request := Request{Method: http.MethodGet, Path: path, Query: query, Header: http.Header{"Accept": {"application/json"}}}
	body, _, err := c.read(ctx, request)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, out); err != nil {
		return &Error{Kind: NotIsotherm, Message: fmt.Sprintf("What answers at %s is not Isotherm: its answer to %s cannot be read.", c.Address(), path), Cause: err}
	}
	return nil
}

func (c *Client) read(ctx context.Context, request Request) (_ []byte, _ http.Header, err error) {
	response, err := c.Do(ctx, request)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode != http.StatusOK {
		return nil, nil, refusal(c.Address(), response)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, nil, unreachable(ctx, c.Address(), err)
	}
	return body, response.Header, nil
}

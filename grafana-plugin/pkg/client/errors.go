package client

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
)

// Kind says what went wrong, so that callers need not read messages.
type Kind int

// The kinds of error.
const (
	Misconfigured Kind = iota // the settings cannot work
	Unreachable               // nothing answers at the address
	Cancelled                 // whoever asked has gone away
	Unauthorised              // the token is missing or wrong
	Refused                   // the server answered with an error of its own
	NotIsotherm               // something else answers at the address
)

// Error is a failure with a sentence for the person who reads it.
type Error struct {
	Kind    Kind
	Message string
	Status  int // of the server's answer; 0 when there was none
	Cause   error
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Cause }

// unreachable says why no answer came, and what to do about it.
func unreachable(ctx context.Context, address string, cause error) *Error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return &Error{Kind: Cancelled, Message: "The request was cancelled.", Cause: cause}
	}
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	reason := "Check the URL, and that the server is running and reachable from Grafana."
	switch {
	case errors.Is(cause, syscall.ECONNREFUSED):
		reason = "The connection was refused. Is the server running, and does it listen on more than 127.0.0.1 if Grafana runs elsewhere?"
	case errors.As(cause, &dns):
		reason = fmt.Sprintf("The host %q is not known. Check the URL's spelling, and that Grafana can resolve it.", dns.Name)
	case errors.As(cause, &certificate):
		reason = "Its TLS certificate is not trusted. Add the authority's certificate under TLS settings."
	case errors.As(cause, &record), strings.Contains(cause.Error(), "HTTP response to HTTPS client"):
		// The second form is a plain error of net/http, without a type to ask for.
		reason = "The server does not speak TLS. Use http:// in the URL."
	case errors.Is(cause, context.DeadlineExceeded), errors.Is(cause, os.ErrDeadlineExceeded), timedOut(cause):
		reason = "It did not answer in time. Ask for a shorter time range, or raise the timeout in the data source's settings."
	}
	return &Error{Kind: Unreachable, Message: fmt.Sprintf("Isotherm cannot be reached at %s. %s", address, reason), Cause: cause}
}

func timedOut(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// refusal reads Isotherm's own error body: {"error": {"code", "message"}}.
func refusal(address string, response *http.Response) *Error {
	var body struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxErrorBody))
	ours := err == nil && json.Unmarshal(text, &body) == nil && body.Error.Message != ""
	failure := &Error{Kind: Refused, Message: body.Error.Message, Status: response.StatusCode, Cause: err}
	switch {
	case response.StatusCode == http.StatusUnauthorized || response.StatusCode == http.StatusForbidden:
		failure.Kind = Unauthorised
		failure.Message = fmt.Sprintf("Isotherm at %s does not accept the token. Enter the value of its setting `token` (ISOTHERM_TOKEN) in the data source's settings.", address)
	case response.StatusCode == http.StatusNotFound: // only fixed paths come here: another's server, or a wrong path on ours
		failure.Kind = NotIsotherm
		failure.Message = fmt.Sprintf("What answers at %s is not Isotherm, or of another version. Check the URL's host, port and path.", address)
	case !ours:
		failure.Message = fmt.Sprintf("Isotherm at %s answered %s.", address, response.Status)
	}
	return failure
}

"""API: Grafana's data frames over HTTP, the plain JSON protocol, pages, sharing, OpenAPI."""

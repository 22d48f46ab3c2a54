"""How the world asks: Grafana's data frames over HTTP, the plain JSON protocol, OpenAPI."""

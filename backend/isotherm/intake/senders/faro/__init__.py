"""Grafana Faro with its replay instrumentation."""

"""Isotherm: page heatmaps for Grafana, from the RUM events a site already sends."""

__version__ = "0.1.0"

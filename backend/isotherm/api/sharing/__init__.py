"""Saved heatmaps and shared snapshots over HTTP."""

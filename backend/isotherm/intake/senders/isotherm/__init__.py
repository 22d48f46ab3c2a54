"""Isotherm's own script and its JSON events."""

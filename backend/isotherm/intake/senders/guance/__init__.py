"""The Guance and TrueWatch browser SDK."""

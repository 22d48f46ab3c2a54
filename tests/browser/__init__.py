"""Tests that drive the stand-alone page in a real browser."""

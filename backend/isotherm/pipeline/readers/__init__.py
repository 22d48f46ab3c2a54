"""Processes that read recordings: a hostile recording can only break the one that reads it."""

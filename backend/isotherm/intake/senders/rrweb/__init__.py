"""Plain rrweb recordings."""

"""App: settings, wiring, command line, demo, provisioning. The only room that knows all others."""

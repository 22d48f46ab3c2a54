"""App: settings, wiring, command line, demo, provisioning. May import every other package."""

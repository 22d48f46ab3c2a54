"""What recordings show: physical clicks, rage, dead and error signals, views and actions."""

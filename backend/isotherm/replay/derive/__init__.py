"""What recordings tell: physical clicks, rage, dead and error signals, views and actions."""

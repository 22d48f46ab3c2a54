"""A server under load for minutes, overloaded, and with slow clients (`make load`)."""

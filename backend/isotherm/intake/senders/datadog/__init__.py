"""The Datadog browser SDK, v4 to v7."""

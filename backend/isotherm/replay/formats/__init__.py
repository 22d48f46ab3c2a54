"""How recorders write: Datadog and Guance records, rrweb events, Faro bodies -> typed records."""

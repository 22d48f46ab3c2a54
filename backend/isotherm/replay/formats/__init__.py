"""How recorders write: Datadog's and Guance's records, rrweb events, Faro bodies -> typed records."""

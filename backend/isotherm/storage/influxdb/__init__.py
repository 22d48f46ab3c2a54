"""InfluxDB as the journal of events: what is written, how it is read, how it stays in step."""

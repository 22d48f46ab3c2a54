"""ClickHouse as the store of events, for more than one process and machine (`ports.Engine`)."""

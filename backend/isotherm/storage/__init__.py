"""Storage: what is kept and where. `ports.py` says what each store can do; a folder implements one.

`duckdb` or `clickhouse` answers questions, `influxdb` is the journal of events, `objects` holds
replay bodies as files, `saved` what people keep (heatmaps, shares, pictures). May import `model`.
"""

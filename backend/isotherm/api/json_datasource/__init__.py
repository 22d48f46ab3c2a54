"""The plain JSON data-source protocol, for stock JSON and Infinity data sources."""

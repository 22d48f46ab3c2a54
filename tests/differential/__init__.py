"""The same events, brought to every store in another way: all rows of all tables are the same."""

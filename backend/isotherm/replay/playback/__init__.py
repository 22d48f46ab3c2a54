"""A recording of any sender as rrweb events, for a player."""

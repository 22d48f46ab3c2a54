"""The processes of one server on one data folder: their slots, reported states and locks."""

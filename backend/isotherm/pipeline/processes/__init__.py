"""The processes of one server on one data folder: their slots, what each tells, their locks."""

"""The columnar store that answers questions: tables, dictionaries, appends, sorted runs, reads."""

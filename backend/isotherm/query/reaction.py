"""Which actions have a time to react."""

REACTED = "clicks < 2"
"""A rage chain is one action that lasts as long as somebody clicks on, which is no reaction."""

"""A recorded page: its node tree, style sheets, element keys and labels, and its state as data."""

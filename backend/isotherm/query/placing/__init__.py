"""Placing: every click of a scope becomes a cell of a background, or a reason why not."""

"""Processes that read recordings: what a stranger recorded can break nothing but one of them."""

"""Answers checked against other answers: parts against the whole, one question against another."""

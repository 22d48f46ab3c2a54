"""Intake: the HTTP body that a sender's SDK posts -> events, or drops with a counted reason.

One folder per sender in `senders/`; what all senders share lies beside it. May import `model`.
"""

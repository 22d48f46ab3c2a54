"""Render: a recorded document or a URL -> a picture with the box of every element.

Chromium runs in processes of its own. May import `model` and `replay`.
"""

"""Pipeline: accepted bytes -> stored rows and pictures.

The spool, the worker that stores, sessionization of recordings, retention, erasure, import,
migration, and the queue of pictures. May import every package above: model, intake, storage,
replay, render.
"""

"""Replay bodies as files: append-only on a local disk, or on S3 and others through fsspec."""

"""Bodies of recordings and pictures in a real S3 server."""

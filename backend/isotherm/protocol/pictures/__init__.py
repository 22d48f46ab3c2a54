"""Page pictures over HTTP."""

"""Makes pictures of pages, with the place of every known element on them."""

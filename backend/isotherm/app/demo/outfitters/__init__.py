"""A made-up shop of thirteen pages, recorded with a real SDK, and traffic with a story."""

"""Which pictures are made of which pages, when, and which are kept."""

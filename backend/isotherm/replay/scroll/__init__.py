"""Where a page and its inner scrollers stood at any time of a recording."""

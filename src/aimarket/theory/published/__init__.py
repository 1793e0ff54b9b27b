"""Published results that the functions of ``aimarket.economics`` must reproduce, one file a field."""

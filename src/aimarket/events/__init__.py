"""Events: one kind of shock per file."""

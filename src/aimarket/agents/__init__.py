"""The agents: what each kind owns and remembers.  Markets and strategies live elsewhere."""

"""The ``aimarket`` command, one file per verb."""

"""What a reader sees of a run: summary, report, data dictionary."""

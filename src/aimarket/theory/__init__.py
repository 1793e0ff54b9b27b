"""What is known before the simulation starts: published numbers and textbook markets, met by the same code."""

"""Empirical series with their sources, and what the model is compared with."""

"""Strategies for grid expansion."""

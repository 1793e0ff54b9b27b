"""Strategies for capacity."""

"""Strategies for procurement."""

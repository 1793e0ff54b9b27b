"""Strategies for choice."""

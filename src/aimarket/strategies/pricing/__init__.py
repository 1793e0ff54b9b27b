"""Strategies for pricing."""

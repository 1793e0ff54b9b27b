"""Strategies for compute pricing."""

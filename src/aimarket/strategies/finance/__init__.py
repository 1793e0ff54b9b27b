"""Strategies for finance."""

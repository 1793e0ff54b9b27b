"""Strategies for release."""

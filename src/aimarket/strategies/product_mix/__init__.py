"""Strategies for product mix."""

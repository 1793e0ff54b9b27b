"""Strategies for chip pricing."""

"""Strategies for adoption."""

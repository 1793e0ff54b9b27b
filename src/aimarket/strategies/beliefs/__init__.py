"""Strategies for beliefs."""

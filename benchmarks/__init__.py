"""Ratios measured in one run on one machine; seconds mean little elsewhere, so nothing here is a test."""

"""What a release holds besides figures, why it differs from the one before, and what it tells of a figure."""

"""The way of a database from any earlier version to this one. Run by `warehouse.migrate`, never by hand."""

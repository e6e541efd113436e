"""Pages made for readers: the scorecard and, later in the flow, what goes back to the units."""

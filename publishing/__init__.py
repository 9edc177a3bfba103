"""The machine: from notebooks, parameters and an edition to a report that holds together, or an error."""

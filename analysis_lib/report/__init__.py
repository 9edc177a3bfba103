"""Floor 4, from notebooks to a published report: parameters, plan, execution, book, rendering."""

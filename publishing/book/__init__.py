"""From executed notebooks to a book: assembled, with its register, workbook, data package and manifest."""

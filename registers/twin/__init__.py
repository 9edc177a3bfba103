"""The synthetic twin: deliveries with the registers' columns and the printed totals, and no one in them."""

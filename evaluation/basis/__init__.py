"""What every method shares: refusals, checks of input, estimates, and the words for them."""

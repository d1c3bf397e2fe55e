"""Where the weights of likeness come from: invented people with invented slips."""

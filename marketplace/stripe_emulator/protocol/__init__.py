"""How Stripe is spoken to: parameters in, objects, lists and refusals out, each request done once."""

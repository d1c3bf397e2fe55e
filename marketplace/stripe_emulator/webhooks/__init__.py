"""How Stripe tells what happened: a store of deliveries, and the sender that makes them."""

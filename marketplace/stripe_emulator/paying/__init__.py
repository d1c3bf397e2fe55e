"""From a card to a charge or a saved card, over the bank's question if it has one."""

"""What may go wrong around the bot, and what must hold nevertheless."""

"""The reader's side of spaces: finding a free slot, a space's week, booking, repeating, waiting, one's own bookings."""

"""Places to make, meet and learn: rooms, desks, workshops, machines, and who has booked them when."""

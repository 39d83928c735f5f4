"""The made-up network that bookings are measured on."""

"""What people and organisations have and owe for what they book: money, and the credits of houses, earned by agreed work."""

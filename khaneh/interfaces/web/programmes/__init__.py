"""The pages of programmes: calls for everybody, applications of those who write them, the desk of those who keep them."""

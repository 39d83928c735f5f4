"""The offline desk: an installable page that lends without a line, and the door through which its log comes home."""

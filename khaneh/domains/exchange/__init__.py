"""Technology needs and offers: reviewed, published, matched, brought together by brokers, agreed on, and what came of it."""

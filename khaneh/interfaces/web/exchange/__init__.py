"""The pages of the exchange: public, of who speaks for a side, and of brokers."""

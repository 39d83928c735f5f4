"""Pure decisions about events: who gets places, what is wrong with a draft, what policies may ask."""

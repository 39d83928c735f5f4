"""Pure decisions of networking."""

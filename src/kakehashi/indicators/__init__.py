"""indicators (指標): a number that knows its rows. Rooms register what can be counted."""

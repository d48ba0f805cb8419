"""Pure rules of the people room: nothing here touches Django or the database."""

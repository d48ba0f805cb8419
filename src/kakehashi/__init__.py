"""架け橋: the system on which a Japanese local government carries out its digital change."""

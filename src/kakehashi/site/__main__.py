"""`python -m kakehashi.site` is the command `kakehashi`."""

from kakehashi.site.cli import main

if __name__ == "__main__":
    main()

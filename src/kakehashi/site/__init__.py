"""site: the only place that knows every room: settings, root urls, home, sign-in pages, CLI, demo."""

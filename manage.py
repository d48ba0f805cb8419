#!/usr/bin/env python3
"""Django's command line, for developers. Everybody else uses `kakehashi`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)

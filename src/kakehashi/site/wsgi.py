"""The WSGI application that the web server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.site.settings")
application = get_wsgi_application()

# What was loaded stays for ever: the garbage collector need not walk over it again and again. A request makes a few thousand
# objects, nearly all of which go by themselves, so it may look for the others less often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)

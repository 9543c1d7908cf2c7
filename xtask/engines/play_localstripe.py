"""localstripe on one port of this computer: `python play_localstripe.py PORT`.

Its own command listens to the whole network and writes what it knows to a file that all of them share.
"""

import sys

from aiohttp import web
from localstripe.resources import Store

Store.dump_to_disk = lambda self: None

from localstripe.server import app  # noqa: E402

web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]))

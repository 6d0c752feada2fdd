"""The reference back office: TM Forum v4 resources, a change feed and staff sign-in on one SQLite database.

`python -m backoffice` is its command line. `store` keeps documents, `resources` declares what there is, `tmf` decides
what a request does to a document, `web` speaks HTTP. It shares only `app.rules` and `app.core` with the desk.
"""

from typing import Final

VERSION: Final = "0.1.0"

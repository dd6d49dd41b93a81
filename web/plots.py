"""The one place that knows plotly: its browser bundle, served from the installed package.

Our own module `static/heatmap.js` draws with it, from values in a JSON script element.
"""

from functools import cache
from pathlib import Path

import plotly
from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from web.security import POLICY

BUNDLE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
A_YEAR = "public, max-age=31536000, immutable"  # the address carries the version
# What plotly puts into a page by script, by hash: an empty style element that it adds rules to, and the rendering hint
# of a heatmap's image. Nothing else inline is let through; a browser test notices a bundle that wants more.
STYLES = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'unsafe-hashes' "
    "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"
)
router = APIRouter(include_in_schema=False)


def allow_plots(response: Response) -> Response:
    """Return the response with a policy that lets plotly's own styles through."""
    response.headers["content-security-policy"] = POLICY.replace("style-src 'self'", f"style-src 'self' {STYLES}")
    return response


@cache
def bundle_path() -> str:
    """Return the address of the bundle."""
    return f"/vendor/plotly-{plotly.__version__}.min.js"


@router.get(bundle_path())
def bundle() -> FileResponse:
    """Return plotly's browser bundle."""
    return FileResponse(BUNDLE, media_type="text/javascript", headers={"cache-control": A_YEAR})

"""The browser side, as files: where they are, under which URLs, and the pages that load them.

ES modules, no build step. Modules import each other as `#studio/look/trace.js`; the import map of a page says where
that is. In the studio it is a URL with a hash of all files in it, so that browsers may keep them for ever; in a page of
its own (`self_contained`) it is the module itself. No torch, no server; imports nothing of the rest of Pellucid.
"""

from pellucid.studio.assets import Assets
from pellucid.studio.page import index, self_contained

__all__ = ["Assets", "index", "self_contained"]

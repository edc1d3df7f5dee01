"""Articles as files: Markdown with front matter and files beside it, alone or many in a zip.

    id/vpn-disconnects.md
    id/vpn-disconnects.files/step-1.png

    ---
    title: "VPN sering putus"
    status: published
    tags: ["vpn"]
    files: {"vpn-disconnects.files/step-1.png": "image/png"}
    ---
    ## Gejala …

What a file leaves out comes from its place: the folder is the language, the name the key. Files are
named by where they are, seen from the Markdown file, with their type. An article with `files: {}`
has none; where `files` is left out they stay as they are.
"""

from gateway.parcels.packing import ParcelFile, markdown_of, packed
from gateway.parcels.reading import Parcel, parcel_of, unpacked
from gateway.parcels.zips import MOST_BYTES

__all__ = [
    "MOST_BYTES",
    "Parcel",
    "ParcelFile",
    "markdown_of",
    "packed",
    "parcel_of",
    "unpacked",
]

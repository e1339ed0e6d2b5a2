"""The USB bundle: the wire on a stick, for a district without a line.

    shapes      what stands in a bundle: manifests, items, results
    container   the zip itself, read as if an enemy had made it
    signing     who a manifest is from
    export      what waits here, written to a stick
    answer      what the centre says, taken in here
    relay       another PC's bundle, over this PC's line
    preview     what a file holds, without changing anything

`shapes`, `container` and `signing` are the contract: the centre reads and writes the same files with them.
"""

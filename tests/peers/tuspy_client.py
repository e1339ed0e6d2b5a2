"""tuspy over one file, as its README has it: `tuspy_client.py ENDPOINT FILE AUTHORIZATION STORAGE [SHA256]`.

The same command goes on where a killed one ended (STORAGE). Refused: exit code 1, the status on standard output.
"""

import hashlib
import sys
from pathlib import Path

from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.storage.filestorage import FileStorage

CHUNK_BYTES = 200_000


def main(endpoint: str, path: str, authorization: str, storage: str, sha256: str = "") -> int:
    urls = FileStorage(storage)  # type: ignore[no-untyped-call]  # tuspy ships no annotations here
    about = {
        "filename": Path(path).name,
        "sha256": sha256 or hashlib.sha256(Path(path).read_bytes()).hexdigest(),
    }
    client = TusClient(endpoint, headers={"Authorization": authorization})
    try:
        uploader = client.uploader(
            path, chunk_size=CHUNK_BYTES, metadata=about, store_url=True, url_storage=urls
        )
        uploader.upload()
    except TusCommunicationError as error:
        print(error.status_code)
        return 1
    finally:
        urls.close()  # type: ignore[no-untyped-call]  # the same
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

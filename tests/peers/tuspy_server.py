"""tuspyserver over a folder, on a loopback port of its own; prints its address.

`python tests/peers/tuspy_server.py DIR`. A finished upload is DIR/<id>, what the client said of it DIR/<id>.info.
"""

import asyncio
import socket
import sys

import uvicorn
from fastapi import FastAPI
from tuspyserver import create_tus_router


def main(folder: str) -> None:
    app = FastAPI()
    app.include_router(create_tus_router(prefix="files", files_dir=folder, strict_offset_validation=True))
    with socket.create_server(("127.0.0.1", 0)) as listener:  # listens before its address is told
        print(f"http://127.0.0.1:{listener.getsockname()[1]}/files", flush=True)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        asyncio.run(server.serve(sockets=[listener]))


if __name__ == "__main__":
    main(sys.argv[1])

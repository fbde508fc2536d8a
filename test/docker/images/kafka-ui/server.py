"""/actuator/health, and /api/clusters with what the variables of the first cluster name and how it answers."""

import json
import os
import socket
import struct
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CLUSTER = "KAFKA_CLUSTERS_0_"
TIMEOUT_S = 2


def brokers_answer() -> bool:
    """Whether the first of the bootstrap servers answers ApiVersions (version 0)."""
    host, port = os.environ[f"{CLUSTER}BOOTSTRAPSERVERS"].split(",")[0].rsplit(":", 1)
    try:
        with socket.create_connection((host, int(port)), TIMEOUT_S) as connection:
            connection.settimeout(TIMEOUT_S)
            connection.sendall(struct.pack(">ihhih", 10, 18, 0, 7, -1))
            _, correlation, error = struct.unpack(">iih", connection.recv(10, socket.MSG_WAITALL))
            return (correlation, error) == (7, 0)
    except OSError:
        return False


def answers(variable: str, path: str) -> bool:
    """Whether what a variable names answers with JSON."""
    try:
        with urllib.request.urlopen(os.environ[CLUSTER + variable] + path, timeout=TIMEOUT_S) as answer:
            json.load(answer)
            return True
    except (OSError, ValueError):
        return False


PAGES = {
    "/": lambda: {},
    "/actuator/health": lambda: {"status": "UP"},
    "/api/clusters": lambda: [
        {
            "name": os.environ[f"{CLUSTER}NAME"],
            "status": "online" if brokers_answer() else "offline",
            "schemaRegistry": answers("SCHEMAREGISTRY", "/subjects"),
            "kafkaConnect": answers("KAFKACONNECT_0_ADDRESS", "/connectors"),
        }
    ],
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = PAGES.get(self.path)
        body = b"" if page is None else json.dumps(page()).encode()
        self.send_response(404 if page is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


ThreadingHTTPServer(("", 8080), Handler).serve_forever()

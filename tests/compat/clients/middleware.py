"""A service of OpenStack's kind: keystonemiddleware judges the token, the application tells who asks. It prints its address."""

import json
import os
from wsgiref.simple_server import WSGIRequestHandler, make_server

from keystonemiddleware.auth_token import AuthProtocol

NAMES = ["IDENTITY_STATUS", "PROJECT_ID", "PROJECT_NAME", "USER_ID", "USER_NAME", "USER_DOMAIN_NAME", "ROLES"]


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({name: environ.get(f"HTTP_X_{name}") for name in NAMES}).encode()]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def main():
    account = {
        "auth_type": "password",
        "auth_url": os.environ["OS_AUTH_URL"],
        "www_authenticate_uri": os.environ["OS_AUTH_URL"],
        "interface": "public",
        "username": os.environ["OS_USERNAME"],
        "password": os.environ["OS_PASSWORD"],
        "user_domain_name": os.environ["OS_USER_DOMAIN_NAME"],
        "project_id": os.environ["OS_PROJECT_ID"],
    }
    server = make_server("127.0.0.1", 0, AuthProtocol(application, account), handler_class=QuietHandler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


main()

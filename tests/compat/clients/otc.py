"""Draws with otcextensions as its users do. Takes a task as JSON, prints the outcome of every draw as JSON."""

import json
import sys

import openstack
from openstack import exceptions
from otcextensions import sdk


def main():
    task = json.loads(sys.argv[1])
    connection = openstack.connect(load_yaml_config=False, load_envvars=False, **task["connection"])
    sdk.register_otc_extensions(connection)
    print(json.dumps([draw(connection, length) for length in task["lengths"]]))


def draw(connection, length):
    try:
        return {"random_data": connection.kms.generate_random(length).random_data}
    except exceptions.SDKException as error:
        return {
            "exception": type(error).__name__,
            "text": str(error),
            # What generate_random drops of a 400, the connection itself still shows.
            "answer": ask(connection, length),
        }


def ask(connection, length):
    response = connection.kms.post("/kms/gen-random", json={"random_data_length": length})
    return {
        "status": response.status_code,
        "body": response.json(),
        "request_id": response.headers.get("X-Request-Id"),
    }


main()

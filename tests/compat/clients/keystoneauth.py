"""Draws with a session of keystoneauth: as many bits as each line of the input says. It logs in by the variables of an openrc file."""

import json
import sys

import openstack
from keystoneauth1 import exceptions


def main():
    cloud = openstack.connect()
    try:
        project = cloud.session.get_project_id()
    except exceptions.ClientException as error:
        print(json.dumps({"shown": str(error)}))
        return
    for line in sys.stdin:
        print(json.dumps(draw(cloud.session, project, line.strip())), flush=True)


def draw(session, project, bits):
    try:
        response = session.post(
            f"/{project}/kms/gen-random",
            endpoint_filter={"service_type": "kms", "interface": "public"},
            json={"random_data_length": bits},
        )
    except exceptions.HttpError as error:
        answer = error.response.json()["error"]
        return {
            "status": error.http_status,
            "code": answer["error_code"],
            "message": answer["error_msg"],
            "request_id": error.request_id,
            "shown": str(error),
        }
    return response.json()


main()

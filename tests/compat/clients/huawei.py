"""Draws with huaweicloudsdkkms. Takes a task as JSON, prints the outcome of every draw as JSON."""

import json
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkkms.v2 import CreateRandomRequest, GenRandomRequestBody, KmsClient


def main():
    task = json.loads(sys.argv[1])
    credentials = BasicCredentials(task["access_key"], task["secret_key"], task["project_id"])
    client = KmsClient.new_builder().with_credentials(credentials).with_endpoint(task["endpoint"]).build()
    print(json.dumps([draw(client, length) for length in task["lengths"]]))


def draw(client, length):
    body = GenRandomRequestBody(random_data_length=length)
    try:
        return {"random_data": client.create_random(CreateRandomRequest(body=body)).random_data}
    except ServiceResponseException as error:
        return {
            "exception": type(error).__name__,
            "status": error.status_code,
            "error_code": error.error_code,
            "error_msg": error.error_msg,
            "request_id": error.request_id,
        }


main()

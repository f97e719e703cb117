"""Draws with otcextensions: as many bits as each line of the input says. It logs in by the variables of an openrc file."""

import json
import sys

import openstack
from openstack import exceptions
from otcextensions import sdk


def main():
    try:
        connection = openstack.connect()
        sdk.register_otc_extensions(connection)
        kms = connection.kms
    except exceptions.SDKException as error:
        print(json.dumps({"shown": str(error)}))
        return
    for line in sys.stdin:
        print(json.dumps(draw(kms, int(line))), flush=True)


def draw(kms, bits):
    try:
        return {"random_data": kms.generate_random(bits).random_data}
    except exceptions.HttpException as error:
        return {"status": error.status_code, "request_id": error.request_id, "shown": str(error)}
    except exceptions.SDKException as error:
        return {"shown": str(error)}


main()

"""Draws with Huawei's SDK for Python: as many bits as each line of the input says.

The SDK takes its access key from HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, and its project from HUAWEICLOUD_SDK_PROJECT_ID or from
the IAM at HUAWEICLOUD_SDK_IAM_ENDPOINT, where it has the name of the region.
"""

import json
import os
import sys

from huaweicloudsdkcore.exceptions.exceptions import SdkException, ServiceResponseException
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkkms.v2 import CreateRandomRequest, GenRandomRequestBody, KmsClient


def main():
    region = Region("demo", os.environ["KMS_ENDPOINT"])
    try:
        client = KmsClient.new_builder().with_region(region).build()
    except SdkException as error:
        print(json.dumps({"shown": str(error)}))
        return
    for line in sys.stdin:
        print(json.dumps(draw(client, line.strip())), flush=True)


def draw(client, bits):
    body = GenRandomRequestBody(random_data_length=bits)
    try:
        return {"random_data": client.create_random(CreateRandomRequest(body=body)).random_data}
    except ServiceResponseException as error:
        return {
            "status": error.status_code,
            "code": error.error_code,
            "message": error.error_msg,
            "request_id": error.request_id,
            "shown": str(error),
        }


main()

"""Draws with Huawei's SDK for Python by its other schemes: as huawei.py, with ALGORITHM, DERIVED and USER_AGENT."""

import json
import os
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkcore.signer.algorithm import SigningAlgorithm
from huaweicloudsdkkms.v2 import CreateRandomRequest, GenRandomRequestBody, KmsClient


def main():
    credentials = BasicCredentials(
        os.environ["HUAWEICLOUD_SDK_AK"], os.environ["HUAWEICLOUD_SDK_SK"], os.environ["HUAWEICLOUD_SDK_PROJECT_ID"]
    )
    algorithm = SigningAlgorithm[os.environ.get("ALGORITHM", "HMAC_SHA256")]
    config = HttpConfig(signing_algorithm=algorithm, user_agent=os.environ.get("USER_AGENT"))
    if "DERIVED" in os.environ:
        # The derived form is for hosts other than Huawei's.
        credentials.with_derived_predicate(BasicCredentials.get_default_derived_predicate())
    builder = KmsClient.new_builder().with_credentials(credentials).with_http_config(config)
    # As the packages of the services do that are signed for so by default.
    builder._with_derived_auth_service_name("kms")
    client = builder.with_region(Region("demo", os.environ["KMS_ENDPOINT"])).build()
    for line in sys.stdin:
        print(json.dumps(draw(client, line.strip())), flush=True)


def draw(client, bits):
    body = GenRandomRequestBody(random_data_length=bits)
    try:
        return {"random_data": client.create_random(CreateRandomRequest(body=body)).random_data}
    except ServiceResponseException as error:
        return {"status": error.status_code, "code": error.error_code, "shown": str(error)}


main()

// Draws with Huawei's SDK for Node: as many bits as each line of the input says. Its client of KMS is not in the registry, so the
// core sends what that client does. Without a project the SDK asks the IAM at HUAWEICLOUD_SDK_IAM_ENDPOINT for one with the name of
// the region.
'use strict';
const { createInterface } = require('node:readline');
const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core');
const { ClientBuilder } = require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder');
const { Region } = require('@huaweicloud/huaweicloud-sdk-core/region/region');

const { env } = process;

async function main() {
  const credentials = new BasicCredentials()
    .withAk(env.HUAWEICLOUD_SDK_AK)
    .withSk(env.HUAWEICLOUD_SDK_SK)
    .withProjectId(env.HUAWEICLOUD_SDK_PROJECT_ID)
    .withIamEndpoint(env.HUAWEICLOUD_SDK_IAM_ENDPOINT);
  const region = new Region('demo', env.KMS_ENDPOINT);
  const client = new ClientBuilder((core) => core).withCredential(credentials).withRegion(region).build();
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`\n${JSON.stringify(await draw(client, line))}\n`);
  }
}

async function draw(client, bits) {
  try {
    const { random_data } = await client.sendRequest({
      method: 'POST',
      url: '/v1.0/{project_id}/kms/gen-random',
      contentType: 'application/json',
      queryParams: {},
      pathParams: {},
      headers: {},
      data: { random_data_length: bits },
    });
    return { random_data };
  } catch (error) {
    const { httpStatusCode: status, errorCode: code, errorMsg: message, requestId: request_id } = error;
    return { status, code, message, request_id, shown: String(error) };
  }
}

void main();

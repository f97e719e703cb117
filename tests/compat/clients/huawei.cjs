// Draws with Huawei's Node SDK. Takes a task as JSON, prints the outcome of every draw as JSON in its last line; the SDK logs
// to the same output. Its client of KMS is not in the registry, so the core sends what that client does.
'use strict';
const { ClientBuilder } = require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder');
const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core');

async function main() {
  const task = JSON.parse(process.argv[2]);
  const credentials = new BasicCredentials()
    .withAk(task.access_key)
    .withSk(task.secret_key)
    .withProjectId(task.project_id);
  const client = new ClientBuilder((core) => core).withCredential(credentials).withEndpoint(task.endpoint).build();
  const outcomes = [];
  for (const length of task.lengths) outcomes.push(await draw(client, length));
  process.stdout.write(`\n${JSON.stringify(outcomes)}\n`);
}

async function draw(client, length) {
  try {
    const { random_data } = await client.sendRequest({
      method: 'POST',
      url: '/v1.0/{project_id}/kms/gen-random',
      contentType: 'application/json',
      queryParams: {},
      pathParams: {},
      headers: {},
      data: { random_data_length: length },
    });
    return { random_data };
  } catch (error) {
    const { httpStatusCode, errorCode, errorMsg, requestId } = error;
    return {
      exception: error.constructor.name,
      status: httpStatusCode,
      error_code: errorCode,
      error_msg: errorMsg,
      request_id: requestId,
    };
  }
}

void main();

import type {
  APIGatewayProxyEventV2,
  EventBridgeEvent,
  SNSEvent,
  SNSEventRecord,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';

// The types are AWS's own: a sample that lacks a member, or has one of another kind, does not compile.

export function snsEvent(...messages: readonly string[]): SNSEvent {
  return { Records: messages.map(snsRecord) };
}

function snsRecord(message: string): SNSEventRecord {
  const topic = 'arn:aws:sns:eu-central-1:123456789012:requests';
  return {
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: `${topic}:21be56ed-a058-49f5-8c98-aedd2564c486`,
    Sns: {
      Type: 'Notification',
      MessageId: '95df01b4-ee98-5cb9-9903-4c221d41eb5e',
      TopicArn: topic,
      Subject: 'gen-random',
      Message: message,
      Timestamp: '2025-08-06T10:15:30.123Z',
      SignatureVersion: '1',
      Signature: 'c2lnbmF0dXJl',
      SigningCertUrl: 'https://sns.eu-central-1.amazonaws.com/certificate.pem',
      UnsubscribeUrl: 'https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe',
      MessageAttributes: {},
    },
  };
}

export function sqsRecord(body: string): SQSRecord {
  return {
    messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1545082649183',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1545082649185',
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:requests',
    awsRegion: 'eu-central-1',
  };
}

export function sqsEvent(...bodies: readonly string[]): SQSEvent {
  return { Records: bodies.map(sqsRecord) };
}

export function eventBridgeEvent(detail: unknown): EventBridgeEvent<'Random bytes wanted', unknown> {
  return {
    id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
    version: '0',
    account: '123456789012',
    time: '2025-08-06T10:15:30Z',
    region: 'eu-central-1',
    resources: [],
    source: 'com.example.keys',
    'detail-type': 'Random bytes wanted',
    detail,
  };
}

export function httpApiEvent(body: string): APIGatewayProxyEventV2 {
  const path = '/v1.0/0123456789abcdef0123456789abcdef/kms/gen-random';
  const http = { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: 'abcdefghij.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'abcdefghij',
      http,
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      time: '06/Aug/2025:10:15:30 +0000',
      timeEpoch: 1_754_475_330_123,
    },
    body,
    isBase64Encoded: false,
  };
}

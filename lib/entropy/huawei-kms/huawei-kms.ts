import { accessKey, anyText, originUrl, projectId, securityToken } from '../../forms.ts';
import { describeSource } from '../descriptor.ts';
import { createHuaweiKmsSource } from './huawei-kms-source.ts';

export const huaweiKms = describeSource({
  name: 'huawei-kms',
  variables: {
    HUAWEI_KMS_URL: originUrl,
    HUAWEI_KMS_PROJECT_ID: projectId,
    HUAWEI_ACCESS_KEY: accessKey,
    HUAWEI_SECRET_KEY: anyText,
    HUAWEI_SECURITY_TOKEN: securityToken,
  },
  needs({ HUAWEI_ACCESS_KEY: ownKey, HUAWEI_SECRET_KEY: ownSecret }, { hasAgencyKeys = false }) {
    const endpoint = ['HUAWEI_KMS_URL', 'HUAWEI_KMS_PROJECT_ID'] as const;
    const hasOwnKey = ownKey !== undefined || ownSecret !== undefined;
    return hasOwnKey || !hasAgencyKeys ? [...endpoint, 'HUAWEI_ACCESS_KEY', 'HUAWEI_SECRET_KEY'] : endpoint;
  },
  create(values, { createSend, timeoutMs, pauseMs, now, agencyKeys }) {
    const { HUAWEI_KMS_URL: kmsUrl, HUAWEI_KMS_PROJECT_ID: project } = values;
    if (kmsUrl === undefined || project === undefined) throw new TypeError('no Huawei KMS');
    const { HUAWEI_ACCESS_KEY: key, HUAWEI_SECRET_KEY: secretKey, HUAWEI_SECURITY_TOKEN: token } = values;
    const ownKeys = key && secretKey ? { accessKey: key, secretKey, securityToken: token } : undefined;
    const keys = ownKeys === undefined ? agencyKeys : () => ownKeys;
    return createHuaweiKmsSource({ kmsUrl, projectId: project, keys, send: createSend(), timeoutMs, pauseMs, now });
  },
});

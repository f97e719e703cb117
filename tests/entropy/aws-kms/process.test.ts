import { AWS_ENVIRONMENT, awsDialect } from '../../support/kms-aws-dialect.ts';
import { endsByItself } from '../../support/kms-ending.ts';

endsByItself('aws-kms', awsDialect, AWS_ENVIRONMENT);

import { endsByItself } from '../../support/kms-ending.ts';
import { huaweiDialect } from '../../support/kms-huawei-dialect.ts';

endsByItself('huawei-kms', huaweiDialect, {});

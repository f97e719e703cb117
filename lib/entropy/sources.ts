import type { Variables } from '../forms.ts';
import { awsKms } from './aws-kms/aws-kms.ts';
import type { SourceDescriptor } from './descriptor.ts';
import { huaweiKms } from './huawei-kms/huawei-kms.ts';
import { nodeCrypto } from './node-crypto.ts';
import { os } from './os.ts';

/** Every kind of source, in the order in which guides and messages name them. */
export const SOURCES = [nodeCrypto, os, awsKms, huaweiKms] as const;

export type SourceName = (typeof SOURCES)[number]['name'];

export const SOURCE_NAMES: readonly SourceName[] = SOURCES.map(({ name }) => name);

type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

type SourceVariables = AllOf<VariablesOf<(typeof SOURCES)[number]>>;
type VariablesOf<Descriptor> = Descriptor extends SourceDescriptor<string, infer V extends Variables> ? V : never;

/** The variables of all sources together. */
export const SOURCE_VARIABLES: SourceVariables = Object.assign({}, ...SOURCES.map(({ variables }) => variables));

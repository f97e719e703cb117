/** The members of IAM's documents that tests look into. */
interface IamDocument {
  readonly version: { readonly status: string; readonly links: unknown };
  readonly token: {
    readonly user: { readonly id: string };
    readonly project?: { readonly name: string };
    readonly methods: readonly string[];
    readonly issued_at: string;
    readonly expires_at: string;
  };
  readonly projects: readonly { readonly name: string }[];
  readonly domains: readonly { readonly name: string }[];
  readonly links: unknown;
  readonly catalog: readonly { readonly type: string; readonly endpoints: readonly { readonly url: string }[] }[];
}

export async function documentOf(response: Response): Promise<IamDocument> {
  return (await response.json()) as IamDocument;
}

export const DEMO_SCOPE = { project: { name: 'demo', domain: { id: 'default' } } };

/** The body in which IAM refuses. */
export function refusal(code: number, title: string, message: string) {
  return { error: { code, message, title } };
}

const MALFORMED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.';

/** What the embedded IAM answers when it refuses. Sentences as Huawei's IAM and Keystone send them. */
const REFUSALS = {
  'body.invalid': { status: 400, title: 'Bad Request', message: 'The request body is invalid' },
  // What is malformed, as Keystone says it of a scope and of a method without its member.
  'scope.invalid': {
    status: 400,
    title: 'Bad Request',
    message: `Expecting to find system, project, domain, OS-TRUST:trust or unscoped in scope. ${MALFORMED}`,
  },
  'method.absent': { status: 400, title: 'Bad Request', message: `Expecting to find % in identity. ${MALFORMED}` },
  'method.unsupported': {
    status: 401,
    title: 'Unauthorized',
    message: 'Attempted to authenticate with an unsupported method.',
  },
  'password.wrong': { status: 401, title: 'Unauthorized', message: 'The username or password is wrong.' },
  'caller.unknown': {
    status: 401,
    title: 'Unauthorized',
    message: 'The request you have made requires authentication.',
  },
  // Keystone answers 401, not 403, for a project or domain that the user has no part in: it does not tell whether there
  // is one.
  'scope.unknown': {
    status: 401,
    title: 'Unauthorized',
    message: 'The request you have made requires authentication.',
  },
  'action.forbidden': {
    status: 403,
    title: 'Forbidden',
    message: 'You are not authorized to perform the requested action.',
  },
  'login-token.unknown': { status: 404, title: 'Not Found', message: 'Failed to validate token' },
  'subject.unknown': { status: 404, title: 'Not Found', message: 'X-Subject-Token is invalid in the request' },
  'path.unknown': { status: 404, title: 'Not Found', message: 'The resource could not be found.' },
  'method.unknown': {
    status: 405,
    title: 'Method Not Allowed',
    message: 'The method is not allowed for the requested URL.',
  },
  'body.too-long': { status: 413, title: 'Request Entity Too Large', message: 'Request is too large.' },
  defect: {
    status: 500,
    title: 'Internal Server Error',
    message: 'An unexpected error prevented the server from fulfilling your request.',
  },
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export class IamRefusal extends Error {
  override readonly name = 'IamRefusal';
  readonly code: RefusalCode;
  readonly status: number;
  /** The JSON body in IAM's shape. */
  readonly body: { readonly error: { readonly code: number; readonly message: string; readonly title: string } };

  /**
   * @param named what the sentence names, where it has a place for it
   * @param members what Keystone adds to the error
   */
  constructor(
    code: RefusalCode,
    { named = '', ...members }: { readonly named?: string; readonly identity?: object } = {},
  ) {
    const { status, title, message: sentence } = REFUSALS[code];
    const message = sentence.replace('%', () => named);
    super(message);
    this.code = code;
    this.status = status;
    this.body = { error: { code: status, ...members, message, title } };
  }
}

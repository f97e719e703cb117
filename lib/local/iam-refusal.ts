/** What the embedded IAM answers when it refuses. Sentences as Huawei's IAM and Keystone send them. */
const REFUSALS = {
  'body.invalid': { status: 400, title: 'Bad Request', message: 'The request body is invalid' },
  'password.wrong': { status: 401, title: 'Unauthorized', message: 'The username or password is wrong.' },
  'caller.unknown': {
    status: 401,
    title: 'Unauthorized',
    message: 'The request you have made requires authentication.',
  },
  // Keystone answers 401, not 403, for a project or domain that the user has no part in: it does not tell whether there is one.
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

  constructor(code: RefusalCode) {
    const { status, title, message } = REFUSALS[code];
    super(message);
    this.code = code;
    this.status = status;
    this.body = { error: { code: status, message, title } };
  }
}

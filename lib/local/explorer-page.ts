export const EXPLORER_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>gen-random</title>
    <link rel="icon" type="image/png" href="/explorer/favicon-32x32.png">
    <link rel="stylesheet" href="/explorer/swagger-ui.css">
    <link rel="stylesheet" href="/explorer/index.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/explorer/swagger-ui-bundle.js"></script>
    <script src="/explorer/start.js"></script>
  </body>
</html>
`;

// `validatorUrl: null` keeps the badge away, which would send the document's address to another host.
export const EXPLORER_SCRIPT = `SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#swagger-ui',
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** Everything comes from this origin, and `Try it out` reaches no other. */
export const EXPLORER_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Swagger UI's style sheet carries its icons as data URLs.
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

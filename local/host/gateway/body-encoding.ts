const PLAIN = /^(text\/[^;\s]+|application\/(json|xml|javascript))$/i;

/**
 * Whether API Gateway hands a body to the function as text. Tested against real AWS by others (ministack PR 766):
 * text only for `text/*` and `application/json|xml|javascript`; a form, `application/vnd.api+json` and a missing
 * content type arrive base64. Of a `content-encoding` nothing is published for HTTP APIs; here the bytes decide, and
 * gzip is never UTF-8, so whatever its label, it arrives base64 and unaltered.
 */
export function isPlainText(contentType: string | undefined): boolean {
  return PLAIN.test((contentType ?? "").split(";")[0]!.trim());
}

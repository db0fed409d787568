// What runs in the page: the official client, called by name, and its outcome as plain values.
/* global COS */

window.client = ({ keys, port }) => {
  const cos = new COS({
    SecretId: keys.secretId,
    SecretKey: keys.secretKey,
    Protocol: 'http:',
    Domain: `{Bucket}.cos.{Region}.localhost:${port}`,
    // The client would otherwise try again for a long while.
    ChunkRetryTimes: 0,
  });
  return (name, params) =>
    cos[name](params).then(
      ({ statusCode, headers, ...data }) => ({ statusCode, headers, data }),
      ({ statusCode, code, message, error }) => ({
        statusCode,
        code: code ?? error?.Code ?? '',
        message: message ?? String(error),
      }),
    );
};

/** What becomes of a plain request. */
window.ask = (url, init) =>
  fetch(url, init).then(
    async (response) => ({
      type: response.type,
      status: response.status,
      text: await response.text(),
    }),
    (thrown) => ({ thrown: String(thrown) }),
  );

import type COS from 'cos-nodejs-sdk-v5';

/** The error that a call of the client fails with; to succeed is a failure of the test. */
export async function failure(call: Promise<unknown>): Promise<COS.CosSdkError> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome.status === 'rejected') return outcome.reason;
  throw new Error('The call was expected to fail');
}

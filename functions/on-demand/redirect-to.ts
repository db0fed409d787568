/** How long an address is good that somebody was sent to, and how long they may remember it. */
const GOOD_SECONDS = 900;
const REMEMBERED_SECONDS = 300;

/**
 * Sends whoever asked on to a signed address. No bytes come through here: a function may answer 6 MB,
 * and pictures are larger. A link outlives neither its end nor, by much, its address.
 */
export function redirectTo(
  address: (seconds: number) => string,
  secondsOfLink: number | undefined,
): Response {
  const remembered = Math.min(REMEMBERED_SECONDS, secondsOfLink ?? REMEMBERED_SECONDS);
  // Whoever has the link may see it, so caches on the way may keep the answer; not that to a caller.
  const whose = secondsOfLink === undefined ? 'private' : 'public';
  return new Response(null, {
    status: 303,
    headers: {
      location: address(GOOD_SECONDS),
      'cache-control': `${whose}, max-age=${remembered}`,
      'referrer-policy': 'no-referrer',
    },
  });
}

/** One thing that a function may do: a statement of its policy, and what it is for. */
export interface Statement {
  readonly why: string;
  readonly action: readonly string[];
  readonly resource: readonly string[];
}

/**
 * The same permissions with nothing said twice. A statement whose every resource another allows for
 * the same actions becomes a part of that one's reasons, so that each that is left is needed.
 */
export function withoutNeedless(statements: readonly Statement[]): readonly Statement[] {
  const needed = statements.filter((one) => !hostOf(one, statements));
  return needed.map((host) => {
    const guests = statements.filter((one) => rootHostOf(one, statements) === host);
    return { ...host, why: [host, ...guests].map(({ why }) => why).join('; ') };
  });
}

/** The statement that says all of this one. Of two that say the same, the first stays. */
function hostOf(one: Statement, statements: readonly Statement[]): Statement | undefined {
  const at = statements.indexOf(one);
  return statements.find(
    (other, place) =>
      other !== one && allowsAll(other, one) && (place < at || !allowsAll(one, other)),
  );
}

function rootHostOf(one: Statement, statements: readonly Statement[]): Statement | undefined {
  let host = hostOf(one, statements);
  for (let next = host; next; next = hostOf(next, statements)) host = next;
  return host;
}

function allowsAll(outer: Statement, inner: Statement): boolean {
  return (
    inner.action.every((action) => outer.action.includes(action)) &&
    inner.resource.every((resource) => outer.resource.some((wide) => includes(wide, resource)))
  );
}

/** Whether the one resource is a part of the other. */
export function includes(wide: string, narrow: string): boolean {
  return wide.endsWith('*') ? narrow.startsWith(wide.slice(0, -1)) : wide === narrow;
}

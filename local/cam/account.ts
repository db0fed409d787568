/**
 * The number of the account's owner. The service has two numbers for an account, and policies that
 * mix them up allow nothing; so they differ here as well.
 */
export function uinOf(appid: string): string {
  return `10${appid}`;
}

/** The account as resources name it: by its appid, and by its owner. */
export function ownersOf(appid: string): readonly string[] {
  return [`uid/${appid}`, `uin/${uinOf(appid)}`];
}

export function roleResource(appid: string, name: string): string {
  return `qcs::cam::uin/${uinOf(appid)}:roleName/${name}`;
}

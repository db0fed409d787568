/**
 * What nobody documents of the service, decided here, one name each. docs/engine.md is made from
 * this list.
 */
export const SWITCHES = {
  oneMattingRuleOnUpload: {
    or: false,
    says: 'While uploading, AIPicMatting takes one rule only, as one page of the documentation says; every other page says five.',
  },
  repairNeedsMask: {
    or: false,
    says: 'ImageRepair without a mask is refused; otherwise the picture comes back unchanged, for the engine finds no logos by itself.',
  },
  ciActionsOnPersist: {
    or: false,
    says: "Processing while uploading or in the cloud also needs the operation's ci: action, as a page of 2024 said; newer pages ask for it on download only.",
  },
  pausedQueueRefuses: {
    or: false,
    says: 'A job for a queue that is paused is refused with QueuePaused; otherwise it waits there as Pause, as those do that came before.',
  },
  callbacksTriedOnce: {
    or: false,
    says: 'A callback that fails is not made again, since no page says that it would be; otherwise it is, with pauses that grow.',
  },
  timersInUtc: {
    or: false,
    says: 'The cron lines of timers mean UTC; otherwise they mean Beijing, as users of the service found and no page says.',
  },
} as const;

type SwitchName = keyof typeof SWITCHES;
export type Switches = Readonly<Record<SwitchName, boolean>>;

export function switchesWith(given: Partial<Switches> = {}): Switches {
  const defaults = Object.entries(SWITCHES).map(([name, { or }]) => [name, or]);
  return { ...(Object.fromEntries(defaults) as Switches), ...given };
}

/** The time in milliseconds. Whoever needs the time is given a clock. */
export type Clock = () => number;

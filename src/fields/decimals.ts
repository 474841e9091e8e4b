const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?$/i;

/**
 * The number that a decimal text says, or `undefined` when it says none or one that a double cannot hold: what somebody
 * typed is refused rather than stored with other digits. Places after the 17th behind a point are rounded.
 */
export function exactNumber(text: string): number | undefined {
  if (text.length > 400 || !decimal.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  const whole = /^[+-]?0*(\d+)$/.exec(text)?.[1];
  if (whole && whole.length > 15 && BigInt(whole) !== BigInt(Math.abs(value))) return undefined;
  return value + 0;
}

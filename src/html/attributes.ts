/** What every form control says about itself, whatever its kind. */
export interface Marks {
  readonly id: string;
  /** Ids of the texts that explain the control or say what is wrong with it. */
  readonly describedBy?: string;
  readonly invalid?: boolean;
  readonly autofocus?: boolean;
}

export interface MarkAttributes {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": "true" | undefined;
  readonly autofocus: true | undefined;
}

export function marks({ id, describedBy, invalid, autofocus }: Marks): MarkAttributes {
  return {
    id,
    "aria-describedby": describedBy || undefined,
    "aria-invalid": invalid ? "true" : undefined,
    autofocus: autofocus || undefined,
  };
}

/** The marks of the n-th control of a group (0 is the first): its own id, and the focus only on the first. */
export function marksOf(n: number, group: Marks): MarkAttributes {
  return n === 0 ? marks(group) : { ...marks(group), id: `${group.id}-${n}`, autofocus: undefined };
}

/**
 * `maxlength` for a limit in characters: browsers count UTF-16 units, of which a character has up to two, so they are told
 * twice the limit and the server counts.
 */
export function maxlength(characters: number): number {
  return characters * 2;
}

/** The text of a `<textarea>`: browsers drop the first newline, so one more goes in front. */
export function textareaText(text: string): string {
  return "\n" + text;
}

import { type Static, Type } from "@sinclair/typebox";

/** What an owner has changed about the spam shield; what is missing has its default. */
export const ShieldChanges = Type.Partial(
  Type.Object({
    /** From this score on an answer is held, and from that one refused. */
    hold: Type.Number({ minimum: 0 }),
    refuse: Type.Number({ minimum: 0 }),
    /** Seconds that nobody needs less than, to fill this form in. */
    seconds: Type.Number({ minimum: 0, maximum: 3600 }),
    /** What a reason weighs. */
    weights: Type.Record(Type.String({ maxLength: 60 }), Type.Number()),
    /** Words and names of sites that the owner does not want. */
    words: Type.Array(Type.String({ maxLength: 255 }), { maxItems: 1000 }),
    /** Words that are usual here: a pharmacy's own. */
    welcome: Type.Array(Type.String({ maxLength: 255 }), { maxItems: 1000 }),
  }),
);
export type ShieldChanges = Static<typeof ShieldChanges>;

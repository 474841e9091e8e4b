import { type TProperties, Type } from "@sinclair/typebox";

/**
 * The schema of what a request may hold: keys that are not named are let through, as the API wants it. A plain
 * `Type.Object` would refuse them, since Elysia closes every object when it may not rewrite what was sent.
 */
export function loose<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: true });
}

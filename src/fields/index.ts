import { autodate } from "./autodate.tsx";
import { bool } from "./bool.tsx";
import { date } from "./date.tsx";
import { editor } from "./editor.tsx";
import { email } from "./email.tsx";
import type { FieldType } from "./field.ts";
import { file } from "./file.tsx";
import { geoPoint } from "./geoPoint.tsx";
import { json } from "./json.tsx";
import { number } from "./number.tsx";
import { password } from "./password.tsx";
import { relation } from "./relation.tsx";
import { select } from "./select.tsx";
import { text } from "./text.tsx";
import { url } from "./url.tsx";

/** Every type of field, in the order people see them. */
export const fieldTypes: readonly FieldType[] = [
  text,
  editor,
  number,
  bool,
  email,
  url,
  date,
  autodate,
  select,
  file,
  relation,
  json,
  geoPoint,
  password,
];

const byName = new Map(fieldTypes.map((type) => [type.type, type]));

export function fieldType(name: string): FieldType | undefined {
  return byName.get(name);
}

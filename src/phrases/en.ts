/** English: code → sentence. `{name}` is replaced by the param of that name. */
export const en = {
  validation_required: "Cannot be blank.",
  validation_invalid_value: "Invalid value.",
} as const;

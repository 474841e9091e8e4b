import { describe, expect, test } from "bun:test";
import { Glob } from "bun";
import { join } from "node:path";
import { ar } from "../src/phrases/ar.ts";
import { de } from "../src/phrases/de.ts";
import { en } from "../src/phrases/en.ts";
import { explain, languageOf, sentence } from "../src/phrases/index.ts";

const source = join(import.meta.dir, "..", "src");
const codes = new Set(Object.keys(en));

/** Every code that the source names, and where. */
async function codesInSource(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const named = [
    /\bproblem\(\s*"([a-z_]+)"/g,
    /\bnew Refusal\(\s*"[a-z ]+",\s*"([a-z_]+)"/g,
    /\bcode: "([a-z_]+)"/g,
    /\bsentence\([^,()]+,\s*"([a-z_]+)"/g,
  ];
  for (const file of new Glob("**/*.{ts,tsx}").scanSync(source)) {
    if (file.startsWith("phrases/")) continue;
    const text = await Bun.file(join(source, file)).text();
    for (const pattern of named) for (const [, code = ""] of text.matchAll(pattern)) found.set(code, file);
  }
  return found;
}

describe("every code has a sentence", () => {
  test("wherever the source names one", async () => {
    const found = await codesInSource();
    expect(found.size).toBeGreaterThan(30);
    expect([...found].filter(([code]) => !codes.has(code))).toEqual([]);
  });

  test("of the contract", async () => {
    for (const code of contract) expect([code, codes.has(code)]).toEqual([code, true]);
  });

  test("and it is one: a capital first, an end, no doubled spaces", () => {
    const labels = /^(page|cli|field|inbox|forms|form_(new|edit|code|delete))_/;
    for (const [code, text] of Object.entries(en)) {
      expect([code, /\s\s/.test(text)]).toEqual([code, false]);
      if (labels.test(code)) continue;
      expect([code, text]).toEqual([code, text.trim()]);
      expect([code, text]).toEqual([code, expect.stringMatching(/^(\{\w+\}|['{A-Z].*([.!?]|\{\w+\}))$/s)]);
    }
  });

  test("word for word, where the contract says how", () => {
    expect(sentence("en", "validation_required")).toBe("Cannot be blank.");
    expect(sentence("en", "not_found")).toBe("The requested resource wasn't found.");
    expect(sentence("en", "something_wrong")).toBe("Something went wrong while processing your request.");
    expect(sentence("en", "validation_min_text_constraint", { min: 8 })).toBe("Must be at least 8 character(s).");
    expect(sentence("en", "validation_length_out_of_range", { min: 1, max: 255 })).toBe(
      "The length must be between 1 and 255.",
    );
  });
});

/** What the command line and the log say is English alone. */
const english = /^cli_/;

const others: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["de", de],
  ["ar", ar],
];

describe.each(others)("every language says the same: %s", (_, catalogue) => {
  const own = Object.keys(catalogue);

  test("no code is missing", () => {
    expect(Object.keys(en).filter((code) => !english.test(code) && !Object.hasOwn(catalogue, code))).toEqual([]);
  });

  test("no code is superfluous", () => {
    expect(own.filter((code) => english.test(code) || !codes.has(code))).toEqual([]);
  });

  test("each sentence has the params of the English one", () => {
    const original: Readonly<Record<string, string>> = en;
    const differing = own.filter((code) => codes.has(code) && paramsOf(catalogue[code]) !== paramsOf(original[code]));
    expect(differing).toEqual([]);
  });

  test("none is blank, padded or English", () => {
    const original: Readonly<Record<string, string>> = en;
    const odd = own.filter((code) => {
      const text = catalogue[code] ?? "";
      return (
        text.trim() === "" ||
        text !== text.trim() ||
        /\s\s/.test(text) ||
        (/[a-z] [a-z]/.test(text) && text === original[code])
      );
    });
    expect(odd).toEqual([]);
  });
});

function paramsOf(text = ""): string {
  return [...new Set(text.match(/\{\w+\}/g))].sort().join(" ");
}

test("written from right to left, what begins or ends with a sign keeps it at its side", () => {
  const loose = Object.entries<string>(ar).filter(([, text]) => {
    const mixed = text.replace(/\u2066[^\u2069]*\u2069/g, "").match(/(?<![\w.:/@-])[-/@~`_]+[\w*]+/g);
    return mixed !== null;
  });
  expect(loose).toEqual([]);
  expect(sentence("ar", "page_signed_in_as", { email: "ann@example.com" })).toEndWith("\u2068ann@example.com\u2069");
  expect(sentence("de", "page_signed_in_as", { email: "ann@example.com" })).toBe("Angemeldet als ann@example.com");
});

describe("sentences", () => {
  test("a code that nobody knows has a general one, also when it is a name that objects have", () => {
    for (const code of ["nope", "constructor", "__proto__", "toString"]) {
      expect(sentence("en", code)).toBe(en.something_wrong);
    }
    expect(sentence("en", "validation_nope")).toBe(en.validation_invalid_value);
  });

  test("params go in as they are, once", () => {
    const params = { file: "{maxSize}$&", maxSize: 5 };
    expect(sentence("en", "validation_file_size_limit", params)).toStartWith("Failed to upload {maxSize}$& - ");
  });

  test("problems are answered with code, sentence and params, nested as they are", () => {
    const problems = {
      title: { code: "validation_required" },
      fields: { 0: { code: { code: "validation_max_text_constraint", params: { max: 3 } } } },
    };
    expect(explain("en", problems)).toEqual({
      title: { code: "validation_required", message: "Cannot be blank." },
      fields: {
        0: {
          code: {
            code: "validation_max_text_constraint",
            message: "Must be no more than 3 character(s).",
            params: { max: 3 },
          },
        },
      },
    });
    expect(explain("en", {})).toEqual({});
  });

  test("a field may be called like anything", () => {
    const problems = JSON.parse('{"__proto__": {"code": "validation_required"}}');
    expect(JSON.stringify(explain("en", problems))).toBe(
      '{"__proto__":{"code":"validation_required","message":"Cannot be blank."}}',
    );
  });
});

test("the language is one of ours, whatever is asked for", () => {
  for (const accept of [
    null,
    undefined,
    "",
    "en-US,en;q=0.9",
    "de;q=0.5, EN-gb;q=0.7",
    "xx",
    "q=;,,;q=x",
    "__proto__",
    "*",
    "a,".repeat(9999),
  ]) {
    expect(languageOf(accept)).toBe("en");
  }
});

test("the language is the one that is asked for most", () => {
  const asked: Readonly<Record<string, string>> = {
    de: "de",
    "de-AT": "de",
    "DE_de, de-CH;q=0.5": "de",
    "ar-EG,ar;q=0.9,en;q=0.8": "ar",
    "fr-FR, fr;q=0.9, de;q=0.8, en;q=0.7": "de",
    "en;q=0.7, ar;q=0.8": "ar",
    "de;q=0, ar;q=0.1": "ar",
    "de;q=0": "en",
    "deu, arabic": "en",
  };
  for (const [accept, language] of Object.entries(asked))
    expect([accept, languageOf(accept)]).toEqual([accept, language]);
});

/** The codes of the API's contract that this server knows. */
const contract = [
  "validation_required",
  "validation_invalid_value",
  "validation_not_unique",
  "validation_invalid_format",
  "validation_min_text_constraint",
  "validation_max_text_constraint",
  "validation_min_number_constraint",
  "validation_max_number_constraint",
  "validation_only_int_constraint",
  "validation_not_a_number",
  "validation_is_email",
  "validation_email_domain_not_allowed",
  "validation_invalid_url",
  "validation_is_url",
  "validation_url_domain_not_allowed",
  "validation_min_greater_equal_than_required",
  "validation_max_less_equal_than_required",
  "validation_in_invalid",
  "validation_not_in_invalid",
  "validation_match_invalid",
  "validation_length_out_of_range",
  "validation_length_too_long",
  "validation_length_too_short",
  "validation_length_invalid",
  "validation_too_many_values",
  "validation_not_enough_values",
  "validation_missing_rel_records",
  "validation_missing_rel_collection",
  "validation_invalid_json",
  "validation_json_size_limit",
  "validation_content_size_limit",
  "validation_file_size_limit",
  "validation_invalid_mime_type",
  "validation_too_many_files",
  "validation_invalid_file",
  "validation_invalid_latitude",
  "validation_invalid_longitude",
  "validation_values_mismatch",
  "validation_invalid_old_password",
  "validation_invalid_password",
  "validation_pk_change",
  "validation_pk_invalid",
  "validation_forbidden_pk_character",
  "validation_reserved_pk",
  "validation_invalid_auth_id",
  "validation_invalid_or_existing_id",
  "validation_invalid_token",
  "validation_invalid_token_payload",
  "validation_invalid_token_claims",
  "validation_invalid_token_email",
  "validation_token_collection_mismatch",
  "validation_token_email_mismatch",
  "validation_invalid_new_email",
  "validation_missing_provider",
  "validation_invalid_provider",
  "validation_duplicated_provider",
  "validation_collection_name_exists",
  "validation_collection_name_invalid",
  "validation_collection_name_id_duplicate",
  "validation_collection_type_change",
  "validation_collection_system_name_change",
  "validation_collection_system_flag_change",
  "validation_collection_system_rule_change",
  "validation_invalid_rule",
  "validation_invalid_view_query",
  "validation_field_type_change",
  "validation_field_relation_change",
  "validation_field_relation_missing_collection",
  "validation_duplicated_field_name",
  "validation_duplicated_field_id",
  "validation_reserved_field_name",
  "validation_found_via",
  "validation_system_field_change",
  "validation_invalid_index_expression",
  "validation_invalid_index_table",
  "validation_existing_index_name",
  "validation_duplicated_index_name",
  "validation_duplicated_index_definition",
  "validation_missing_required_unique_index",
  "validation_invalid_unique_system_field_index",
  "validation_indexes_not_supported",
  "validation_missing_primary_key",
  "validation_unsupported_composite_pk",
  "validation_mfa_not_enough_auths",
  "validation_missing_unique_constraint",
  "validation_invalid_regex",
  "validation_invalid_autogenerate_pattern",
  "validation_conflicting_rate_limit_rule",
  "validation_invlaid_ip_or_subnet",
  "validation_invalid_cron",
  "validation_backup_name_exists",
  "validation_collections_import_failure",
  "validation_unsupported_value_type",
  "batch_request_failed",
];

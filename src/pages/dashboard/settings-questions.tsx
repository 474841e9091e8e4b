/** @jsxImportSource preact */
import type { VNode } from "preact";
import { marks } from "../../html/index.ts";
import type { Code } from "../../phrases/index.ts";
import type { FormField, Typed } from "../parts/form-field.tsx";
import type { Words } from "../parts/words.ts";

/** What an owner is asked about the settings, part by part. Names are those of the API: `smtp.host`. */

interface Item {
  readonly name: string;
  readonly label: Code;
  readonly help?: Code;
  readonly type?: "text" | "url" | "email" | "number" | "password" | "box" | "login";
  readonly required?: boolean;
}

export const settingParts = ["app", "sender", "server"] as const;
export type SettingPart = (typeof settingParts)[number];

export const settingItems: Readonly<Record<SettingPart, readonly Item[]>> = {
  app: [
    { name: "meta.appName", label: "page_settings_app_name", help: "page_settings_app_name_help", required: true },
    {
      name: "meta.appURL",
      label: "page_settings_app_url",
      help: "page_settings_app_url_help",
      type: "url",
      required: true,
    },
  ],
  sender: [
    { name: "meta.senderName", label: "page_settings_sender_name", required: true },
    {
      name: "meta.senderAddress",
      label: "page_settings_sender_address",
      help: "page_settings_sender_address_help",
      type: "email",
      required: true,
    },
  ],
  server: [
    { name: "smtp.enabled", label: "page_settings_smtp_enabled", type: "box" },
    { name: "smtp.host", label: "page_settings_smtp_host", help: "page_settings_smtp_host_help" },
    {
      name: "smtp.port",
      label: "page_settings_smtp_port",
      help: "page_settings_smtp_port_help",
      type: "number",
      required: true,
    },
    { name: "smtp.tls", label: "page_settings_smtp_tls", help: "page_settings_smtp_tls_help", type: "box" },
    { name: "smtp.username", label: "page_settings_smtp_username", help: "page_settings_smtp_username_help" },
    { name: "smtp.password", label: "page_settings_smtp_password", type: "password" },
    { name: "smtp.authMethod", label: "page_settings_smtp_method", type: "login" },
  ],
};

/** The questions of a part with what is stored, or was typed. `secrets`: those of which one is stored. */
export function settingQuestions(t: Words, part: SettingPart, sheet: Typed, secrets: readonly string[]): FormField[] {
  return settingItems[part].map(({ name, label, help, required = false, type = "text" }) => {
    const kept = secrets.includes(name) ? t("page_settings_secret_kept") : undefined;
    const says = kept ?? (help && t(help));
    const value = sheet.get(name)?.at(-1) ?? "";
    return {
      name,
      label: t(label),
      required,
      ...(says ? { help: says } : {}),
      draw: (control) => {
        const wired = { ...marks(control), name };
        if (type === "box") return <Box wired={wired} ticked={value === "true"} />;
        if (type === "login") return <Login wired={wired} value={value} />;
        const plain = { ...wired, required, autocomplete: type === "password" ? "new-password" : "off" };
        switch (type) {
          // A secret is never shown, not even to who has typed it.
          case "password":
            return <input type="password" {...plain} />;
          case "number":
            return <input type="number" {...plain} value={value} min={1} max={65_535} />;
          case "email":
            return <input type="email" {...plain} dir="auto" value={value} />;
          case "url":
            return <input type="url" {...plain} dir="auto" value={value} />;
          default:
            return <input type="text" {...plain} dir="auto" value={value} />;
        }
      },
    };
  });
}

interface Wired extends ReturnType<typeof marks> {
  readonly name: string;
}

function Box({ wired, ticked }: { readonly wired: Wired; readonly ticked: boolean }): VNode {
  return (
    <>
      <input type="hidden" name={wired.name} value="false" />
      <input type="checkbox" {...wired} value="true" checked={ticked} />
    </>
  );
}

function Login({ wired, value }: { readonly wired: Wired; readonly value: string }): VNode {
  return (
    <select {...wired}>
      {["PLAIN", "LOGIN"].map((it) => (
        <option value={it} selected={it === value}>
          {it}
        </option>
      ))}
    </select>
  );
}

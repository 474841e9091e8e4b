import type { Config } from "../config.ts";
import { isProblem, type Problems, Refusal } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";

/** The sentence for what stopped a command; `undefined` for what nobody expected. */
export function trouble(error: unknown, { dir, hostname, port }: Config): string | undefined {
  if (error instanceof Refusal) return sentence("en", error.code, error.params);
  const code = codeOf(error);
  if (code === "EADDRINUSE" || textOf(error, "syscall") === "listen") return listening(code, hostname, port);
  if (/^(EACCES|EPERM|EROFS|SQLITE_(READONLY|PERM|CANTOPEN))/.test(code)) {
    return sentence("en", "cli_data_unusable", { folder: dir, code });
  }
  return undefined;
}

/** What the system or SQLite calls the trouble (`EACCES`); empty for what has no such name. */
export function codeOf(error: unknown): string {
  return textOf(error, "code");
}

/** Problems as lines: the field and its sentence. */
export function lines(problems: Problems, path = ""): string[] {
  return Object.entries(problems).flatMap(([field, it]) =>
    isProblem(it) ? `${path}${field}: ${sentence("en", it.code, it.params)}` : lines(it, `${path}${field}.`),
  );
}

function textOf(error: unknown, name: "code" | "syscall"): string {
  if (!(error instanceof Error)) return "";
  const value = Object.getOwnPropertyDescriptor(error, name)?.value;
  return typeof value === "string" ? value : "";
}

function listening(code: string, hostname: string, port: number): string | undefined {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  if (code === "EADDRINUSE") {
    return sentence("en", "cli_port_busy", { port, hostname: host, next: port < 65535 ? port + 1 : 8090 });
  }
  if (code === "EACCES" || code === "EPERM") return sentence("en", "cli_port_refused", { port });
  if (code === "EADDRNOTAVAIL" || code === "EINVAL") return sentence("en", "cli_address_unknown", { hostname: host });
  return undefined;
}

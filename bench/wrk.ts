import { isObject } from "../src/lib/json.ts";

/** What wrk saw: answers in a second, milliseconds, and how many requests were not answered with 2xx or 3xx in time. */
export interface Load {
  readonly requests: number;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
}

export interface Shot {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body around the places where the request's number goes; one part is sent as it is. */
  readonly body: readonly string[];
}

const mark = "formstead-bench";

/**
 * Writes the script that sends the shots and prints what was measured as one line of JSON. What never changes is
 * written out once, before the clock starts, since wrk shares the machine with the server it measures.
 */
export function script(shots: readonly Shot[]): string {
  const entries = shots.map((shot) => {
    const headers = Object.entries(shot.headers).map(([name, value]) => `[${lua(name)}]=${lua(value)}`);
    const parts = shot.body.map(lua).join(",");
    return `{${lua(shot.method)},${lua(shot.path)},{${headers.join(",")}},{${parts}}}`;
  });
  return `
local shots = {${entries.join(",\n")}}
local at, number = 0, 0
init = function(args)
  for _, shot in ipairs(shots) do
    if #shot[4] < 2 then shot.text = wrk.format(shot[1], shot[2], shot[3], shot[4][1]) end
  end
end
request = function()
  at = at % #shots + 1
  local shot = shots[at]
  if shot.text then return shot.text end
  number = number + 1
  return wrk.format(shot[1], shot[2], shot[3], table.concat(shot[4], tostring(number)))
end
done = function(summary, latency, requests)
  local e = summary.errors
  print(string.format('${mark} {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"failures":%d}', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

/** Reads what the script printed. Throws when wrk measured nothing. */
export function parseLoad(output: string): Load {
  const line = output.split("\n").find((one) => one.startsWith(mark));
  const seen: unknown = line === undefined ? undefined : JSON.parse(line.slice(mark.length));
  if (!isObject(seen) || Number(seen.requests) === 0) throw new Error(`wrk measured nothing: ${output.trim()}`);
  return {
    requests: Number(seen.requests),
    rate: Number(seen.requests) / (Number(seen.microseconds) / 1e6),
    p50: Number(seen.p50) / 1000,
    p99: Number(seen.p99) / 1000,
    failures: Number(seen.failures),
  };
}

/** The command that drives a server from one thread with the script in `file`. */
export function wrk({ address, connections, seconds, file }: Drive): string[] {
  return ["wrk", "-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "-s", file, address];
}

export interface Drive {
  readonly address: string;
  readonly connections: number;
  readonly seconds: number;
  readonly file: string;
}

/** The texts are ASCII, where JSON's escapes are Lua's too. */
function lua(text: string): string {
  return JSON.stringify(text);
}

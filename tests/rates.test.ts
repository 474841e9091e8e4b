import { describe, expect, test } from "bun:test";
import type { Viewer } from "../src/filter/scope.ts";
import { openRates, type Pace } from "../src/http/rates.ts";
import type { RateRule, Settings } from "../src/settings/settings.ts";

const guest: Viewer = { kind: "guest" };
const find = (name: string) => (name === "posts" ? { name } : undefined);

const limitsOf = (...rules: [label: string, maxRequests: number][]): Settings["rateLimits"] => ({
  enabled: true,
  excludedIPs: [],
  rules: rules.map(([label, maxRequests]): RateRule => ({ label, audience: "", duration: 60, maxRequests })),
});

const pace = (method: string, path: string): Pace => ({ method, path, viewer: guest, address: "192.0.2.1" });

describe("a rule counts", () => {
  const table: readonly (readonly [label: string, method: string, path: string])[] = [
    ["GET /api/health", "GET", "/api/health"],
    ["GET /api/health", "HEAD", "/api/health"],
    ["GET /api/", "HEAD", "/api/health"],
    ["/api/health", "HEAD", "/api/health"],
    ["/api/", "HEAD", "/api/health"],
    ["posts:list", "HEAD", "/api/collections/posts/records"],
    ["*:view", "HEAD", "/api/collections/posts/records/x"],
    ["posts:view", "HEAD", "/posts/x"],
  ];
  for (const [label, method, path] of table) {
    test(`${label} on ${method} ${path}`, () => {
      const rates = openRates(find);
      const limits = limitsOf([label, 1]);
      expect(rates.count(limits, pace("GET", path))).toBeUndefined();
      expect(rates.count(limits, pace(method, path))?.kind).toBe("too many");
    });
  }
});

test("a rule may be for HEAD alone", () => {
  const rates = openRates(find);
  const limits = limitsOf(["HEAD /api/health", 1]);
  const told = ["HEAD", "GET", "GET", "HEAD"].map((method) => rates.count(limits, pace(method, "/api/health"))?.kind);
  expect(told).toEqual([undefined, undefined, undefined, "too many"]);
});

test("counts outlive whatever else is saved, and end with the rules they were made for", () => {
  const rates = openRates(find);
  const count = (limits: Settings["rateLimits"]) => rates.count(limits, pace("GET", "/api/health"))?.kind;
  expect(count(limitsOf(["/api/", 1]))).toBeUndefined();
  expect(count(limitsOf(["/api/", 1]))).toBe("too many");
  expect(count({ ...limitsOf(["/api/", 1]), excludedIPs: ["198.51.100.7"] })).toBe("too many");
  expect(count(limitsOf(["/api/", 2]))).toBeUndefined();
});

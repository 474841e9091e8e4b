import { type TObject, Type } from "@sinclair/typebox";
import { templates } from "./mail-templates.ts";

/** What auth collections can be told about signing in (API.md 1.7). */

/** `null`: superusers only; `""`: anyone; otherwise a filter that must hold. */
export const Rule = Type.Union([Type.Null(), Type.String()], { default: null });

/** The longest that a token, a code or a session may last, in seconds: three years. */
const longest = 94_670_856;

const tokenOptions = (seconds: number) =>
  Type.Object({
    duration: Type.Integer({ default: seconds, minimum: 10, maximum: longest }),
    secret: Type.String({ minLength: 30, maxLength: 255 }),
  });

const template = ({ subject, body }: { readonly subject: string; readonly body: string }) =>
  Type.Object({
    subject: Type.String({ default: subject, minLength: 1, maxLength: 255 }),
    body: Type.String({ default: body, minLength: 1, maxLength: 50_000 }),
  });

const text = Type.String({ default: "", maxLength: 2000 });

/** Somebody else who says who people are. */
const Provider = Type.Object({
  name: Type.String({ maxLength: 100 }),
  clientId: text,
  /** Stored, and never answered. */
  clientSecret: text,
  authURL: text,
  tokenURL: text,
  userInfoURL: text,
  displayName: text,
  pkce: Type.Union([Type.Null(), Type.Boolean()], { default: null }),
  extra: Type.Union([Type.Null(), Type.Record(Type.String(), Type.Unknown())], { default: null }),
});

/** The shape of one entry of `oauth2.providers`, for giving defaults to what somebody sent. */
export const providerShape: TObject = Provider;

export const AuthOptions = Type.Object({
  authRule: Type.Union([Type.Null(), Type.String()], { default: "" }),
  manageRule: Rule,
  passwordAuth: Type.Object({
    enabled: Type.Boolean({ default: true }),
    identityFields: Type.Array(Type.String(), { default: ["email"], maxItems: 10 }),
  }),
  oauth2: Type.Object({
    enabled: Type.Boolean({ default: false }),
    providers: Type.Array(Provider, { default: [], maxItems: 50 }),
    mappedFields: Type.Object({ id: text, name: text, username: text, avatarURL: text }),
  }),
  mfa: Type.Object({
    enabled: Type.Boolean({ default: false }),
    duration: Type.Integer({ default: 600, minimum: 0, maximum: longest }),
    /** Who is asked for a second proof; `""`: everybody. */
    rule: Type.String({ default: "", maxLength: 5000 }),
  }),
  otp: Type.Object({
    enabled: Type.Boolean({ default: false }),
    duration: Type.Integer({ default: 180, minimum: 0, maximum: longest }),
    length: Type.Integer({ default: 8, minimum: 0, maximum: 100 }),
    emailTemplate: template(templates.otp),
  }),
  authAlert: Type.Object({
    enabled: Type.Boolean({ default: true }),
    emailTemplate: template(templates.authAlert),
  }),
  verificationTemplate: template(templates.verification),
  resetPasswordTemplate: template(templates.resetPassword),
  confirmEmailChangeTemplate: template(templates.confirmEmailChange),
  authToken: tokenOptions(432_000),
  passwordResetToken: tokenOptions(1800),
  emailChangeToken: tokenOptions(1800),
  verificationToken: tokenOptions(86_400),
  fileToken: tokenOptions(180),
});

/** The kinds of token a collection has options for. */
export const tokenKinds = [
  "authToken",
  "passwordResetToken",
  "emailChangeToken",
  "verificationToken",
  "fileToken",
] as const;
export type TokenKind = (typeof tokenKinds)[number];

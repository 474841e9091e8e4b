/**
 * The mails about accounts as they are until somebody writes their own. They are stored with the collection, so they are in English
 * whoever made it. Placeholders: `{APP_NAME} {APP_URL} {TOKEN} {OTP} {OTP_ID} {ALERT_INFO} {RECORD:field}`.
 */
export const templates = {
  verification: {
    subject: "Confirm your {APP_NAME} email address",
    body: mail(
      "Thank you for registering at {APP_NAME}. Please confirm that this address is yours:",
      link("/confirm-verification/{TOKEN}", "Confirm my address"),
      "If you have not registered there, you need not do anything.",
    ),
  },
  resetPassword: {
    subject: "Choose a new {APP_NAME} password",
    body: mail(
      "Somebody asked for a new password for your {APP_NAME} account. To choose one, follow this link:",
      link("/confirm-password-reset/{TOKEN}", "Choose a new password"),
      "If that was not you, you need not do anything: your password stays as it is.",
    ),
  },
  confirmEmailChange: {
    subject: "Confirm your new {APP_NAME} email address",
    body: mail(
      "You asked to sign in to {APP_NAME} with this address from now on. To confirm it, follow this link:",
      link("/confirm-email-change/{TOKEN}", "Use this address"),
      "If that was not you, you need not do anything.",
    ),
  },
  otp: {
    subject: "Your code for {APP_NAME}",
    body: mail(
      "Your code for signing in to {APP_NAME} is <strong>{OTP}</strong>.",
      "If you have not asked for it, you need not do anything.",
    ),
  },
  authAlert: {
    subject: "Somebody signed in to your {APP_NAME} account",
    body: mail(
      "Your {APP_NAME} account was signed in to from a place that we have not seen before:",
      "<em>{ALERT_INFO}</em>",
      "If that was you, you need not do anything. If it was not, change your password now: that signs out everybody else.",
    ),
  },
} as const;

function mail(...paragraphs: readonly string[]): string {
  return ["Hello,", ...paragraphs, "{APP_NAME}"].map((paragraph) => `<p>${paragraph}</p>`).join("\n");
}

function link(path: string, words: string): string {
  return `<a class="btn" href="{APP_URL}${path}" target="_blank" rel="noopener">${words}</a>`;
}

/** Somebody who can say who people are. */
export interface OAuth2Provider {
  readonly name: string;
  readonly displayName: string;
  /** An SVG image. */
  readonly logo: string;
}

/** Those that a collection may name, as PocketBase names them. */
const names: Readonly<Record<string, string>> = {
  apple: "Apple",
  bitbucket: "Bitbucket",
  box: "Box",
  discord: "Discord",
  facebook: "Facebook",
  gitea: "Gitea",
  gitee: "Gitee",
  github: "GitHub",
  gitlab: "GitLab",
  google: "Google",
  instagram2: "Instagram",
  kakao: "Kakao",
  lark: "Lark",
  linear: "Linear",
  livechat: "LiveChat",
  mailcow: "mailcow",
  microsoft: "Microsoft",
  monday: "monday.com",
  notion: "Notion",
  oidc: "OIDC",
  oidc2: "OIDC",
  oidc3: "OIDC",
  patreon: "Patreon",
  planningcenter: "Planning Center",
  spotify: "Spotify",
  strava: "Strava",
  trakt: "Trakt",
  twitch: "Twitch",
  twitter: "Twitter",
  vk: "VK",
  wakatime: "WakaTime",
  yandex: "Yandex",
};

export const oauth2Providers: readonly OAuth2Provider[] = Object.entries(names).map(([name, displayName]) => ({
  name,
  displayName,
  logo: initial(displayName),
}));

/** The first letter on a disc: logos belong to others. */
function initial(displayName: string): string {
  const letter = displayName.charAt(0).toUpperCase();
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="12" fill="#555"/><text x="12" y="17" font-family="sans-serif" font-size="14" text-anchor="middle" fill="#fff">${letter}</text></svg>`;
}

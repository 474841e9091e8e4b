/** Names of sites, as data. */

const set = (names: string): ReadonlySet<string> => new Set(names.split(/\s+/));

/** Endings by which a name with a dot is read as a link, also where nothing else says so. */
export const endings =
  "com|net|org|info|biz|io|ru|su|cn|xyz|site|online|icu|asia|agency|casino|cc|tk|gq|buzz|cyou|sbs|dev|app|eu|co\\.uk|com\\.br|uk|pl|ua|jp|cz".split(
    "|",
  );

/** Endings that are words, too, and stand after a full stop without a blank: a link where a path follows. */
export const wordEndings =
  "top|shop|store|club|live|life|click|link|win|bet|loan|pro|vip|space|website|world|fun|rest|bid|trade|stream|download|review|party|date|men|ml|ga|cf|de|fr|es|it|nl|us|ca|au|br|in|at|ch|se|no|dk|by|kz|tr|mx|ly|gl|me|co|ai".split(
    "|",
  );

/** Endings that cost next to nothing, and what they add. */
export const cheapEndings: Readonly<Record<string, number>> = Object.fromEntries([
  ..."top icu click win bet loan xyz buzz rest cyou sbs bid trade stream download party date men tk ml ga cf gq su vip"
    .split(" ")
    .map((it) => [it, 1] as const),
  ..."site online shop store club live life fun space website icu pro asia biz info ru cc"
    .split(" ")
    .map((it) => [it, 0.5] as const),
]);

export const shorteners = set(
  "bit.ly tinyurl.com goo.gl t.co ow.ly is.gd buff.ly cutt.ly rebrand.ly rb.gy shorturl.at tiny.cc bl.ink s.id t.ly v.gd clck.ru vk.cc u.to surl.li short.gy soo.gd adf.ly shorte.st bc.vc x.co tr.im qr.ae gg.gg da.gd n9.cl kutt.it",
);

/** Where people keep what they show: documents, pictures, code, themselves. */
export const familiar = set(
  "google.com google.de goo.gl/maps maps.app.goo.gl photos.app.goo.gl forms.gle g.page youtube.com youtu.be vimeo.com github.com github.io gitlab.com bitbucket.org linkedin.com lnkd.in xing.com behance.net dribbble.com figma.com notion.so notion.site medium.com dropbox.com onedrive.live.com 1drv.ms sharepoint.com icloud.com wetransfer.com we.tl box.com instagram.com facebook.com fb.com fb.me twitter.com x.com tiktok.com pinterest.com reddit.com mastodon.social bsky.app stackoverflow.com codepen.io codesandbox.io wikipedia.org imgur.com flickr.com soundcloud.com spotify.com apple.com microsoft.com amazon.com amazon.de ebay.com ebay.de etsy.com airbnb.com booking.com paypal.com stripe.com canva.com issuu.com docsend.com pitch.com bandcamp.com substack.com etsy.me calendly.com doodle.com zoom.us loom.com trello.com linktr.ee yandex.ru vk.com hh.ru bilibili.com zhihu.com weibo.com artstation.com kaggle.com orcid.org researchgate.net openstreetmap.org archive.org eventbrite.com meetup.com wix.com wordpress.com squarespace.com shopify.com dhl.de dhl.com ups.com fedex.com",
);

/** Where everybody may have an address: their sites are nobody's own. */
export const mailboxes = set(
  "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk ymail.com aol.com icloud.com me.com proton.me protonmail.com tutanota.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de mail.ru inbox.ru list.ru bk.ru yandex.ru ya.ru rambler.ru ukr.net qq.com 163.com 126.com sina.com naver.com daum.net orange.fr wanadoo.fr free.fr laposte.net libero.it wp.pl onet.pl o2.pl seznam.cz uol.com.br mail.com zoho.com fastmail.com hey.com posteo.de mailbox.org",
);

/** Mail addresses for ten minutes. */
export const throwaway = set(
  "mailinator.com guerrillamail.com 10minutemail.com tempmail.com temp-mail.org yopmail.com trashmail.com sharklasers.com getnada.com dispostable.com maildrop.cc throwawaymail.com fakeinbox.com mintemail.com mohmal.com emailondeck.com tempail.com moakt.com discard.email spam4.me grr.la mailnesia.com mytemp.email burnermail.io tempr.email",
);

/** Second parts of names under a country (`co.uk`). */
export const secondLevels = set("co com org net gov edu ac or ne go gob nom");

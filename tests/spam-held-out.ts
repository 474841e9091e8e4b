/**
 * Messages that no rule was written after: they were put down first, in other styles than the corpus, and tell how the rules do
 * on what they have not seen. `[name, email, message]`, with more fields where a sample has them.
 */
export type Held = readonly [name: string, email: string, message: string, more?: Readonly<Record<string, string>>];

export const heldGood: readonly Held[] = [
  [
    "Marta",
    "marta.w@gmail.com",
    "Hi there, do you still have the blue bike that was in the window on Saturday? I'd come by tomorrow after 5.",
  ],
  [
    "R. Patel",
    "rp@patelandsons.co.uk",
    "Good morning. Our boiler has stopped working again, error code E119. Could someone come out today? We have two small children. 07700 900123",
  ],
  ["Joe", "joe@example.org", "test"],
  [
    "Sabine Köhler",
    "s.koehler@web.de",
    "Guten Tag, ich hätte gerne einen Termin für meinen Hund Bruno, er hinkt seit gestern hinten links. Geht es Donnerstag Vormittag?",
  ],
  [
    "Иван Петров",
    "ivan.petrov@mail.ru",
    "Здравствуйте! Подскажите, пожалуйста, есть ли свободные номера с 12 по 15 июля на двоих взрослых и ребёнка? Сколько будет стоить с завтраком?",
  ],
  ["王芳", "wangfang@163.com", "您好，我想咨询一下你们的夏令营，孩子今年八岁，还有名额吗？费用是多少？谢谢"],
  [
    "أحمد",
    "ahmad.k@gmail.com",
    "السلام عليكم، هل يمكنني حجز طاولة لأربعة أشخاص مساء الجمعة الساعة الثامنة؟ شكرا جزيلا",
  ],
  [
    "Dana",
    "dana@proton.me",
    "I ordered on the 3rd (order 10482), paid 89.90 by card and still have nothing. This is the third time I write. If I don't hear from you by Friday I go to my bank.",
  ],
  [
    "LINDA HAYES",
    "lindahayes52@aol.com",
    "PLEASE CALL ME BACK ABOUT THE FENCE. I CAN NOT FIND MY GLASSES SO SORRY FOR CAPITALS",
  ],
  [
    "Tom",
    "tom@acme-widgets.com",
    "What would a small shop with about 40 products and some basic SEO cost us with you? Our current site is on Wix: https://acme-widgets.com",
  ],
  [
    "Nicolás Herrera",
    "nico.herrera@hotmail.com",
    "Buenas tardes, quisiera saber el precio de una limpieza dental y si aceptan mi seguro. Mi teléfono es 612 34 56 78",
  ],
  ["Aiko", "aiko@yahoo.co.jp", "はじめまして。来月京都に行く予定ですが、着物のレンタルは予約が必要ですか？"],
  [
    "Emma Lund",
    "emma@lund.design",
    "Hello! I saw on Instagram that you're hiring a junior designer. My portfolio is at https://lund.design and my CV is here: https://drive.google.com/file/d/1aBcD/view. Would love to chat!",
  ],
  [
    "Bogdan",
    "bogdan@wp.pl",
    "Dzień dobry, czy naprawiają Państwo ekspresy DeLonghi? Mój przecieka od spodu. Pozdrawiam",
  ],
  ["Ann", "ann@gmail.com", "yes"],
  ["Klaus-Dieter", "kd@t-online.de", "Ruf mich bitte an 0171 5556677"],
  [
    "Helen Ford",
    "helen.ford@nhs.net",
    "I'm writing on behalf of the ward to thank the lovely volunteers who sang on Christmas Eve. Several patients cried (happy tears).",
  ],
  [
    "Pete",
    "pete.b@btinternet.com",
    "Your website won't let me pay. It says 'invalid CVV' but the card works everywhere else. Chrome on Android.",
  ],
  ["Yusuf", "yusuf@icloud.com", "Do you accept bitcoin? If not, is PayPal ok for the deposit?"],
  [
    "Claire Dubois",
    "claire.dubois@orange.fr",
    "Bonjour, je cherche une salle pour 60 personnes le 14 juin. Votre salle est-elle libre et quel est le tarif ? Merci d'avance.",
  ],
  ["M", "m@m.de", "?"],
  ["Oksana", "oksana@ukr.net", "Добрий день! Чи є у вас знижки для студентів? Дякую"],
  [
    "Greg Moss",
    "greg@mossroofing.com",
    "We did the roof on Elm St with you guys last year, now need a website for our own company. 5 pages, gallery, contact form. Budget around $3k. When can we talk?",
  ],
  ["Ingrid", "ingrid@telia.se", "Hej! Är det möjligt att köpa presentkort hos er via mejl? Mvh Ingrid"],
  [
    "Priya Raman",
    "priya.raman@outlook.com",
    "Can I get a loan of the projector for the parents' evening on the 9th? Happy to pick it up and bring it back.",
  ],
  [
    "Stefan",
    "stefan@gmx.at",
    "Die Links auf eurer Seite gehen nicht: https://www.beispiel.at/preise und https://www.beispiel.at/kontakt liefern beide 404.",
  ],
  [
    "Lucia",
    "lucia@libero.it",
    "Salve, vorrei prenotare una lezione di prova di yoga per lunedì. È necessario portare il tappetino?",
  ],
  ["Kamil", "kamil@seznam.cz", "Dobrý den, zajímalo by mě, zda opravujete i starší notebooky. Děkuji."],
  [
    "Ruth",
    "ruth@gmail.com",
    "I came across your website while looking for a wedding florist. Your work is gorgeous! Are you free on 21 September and what do bouquets start at?",
  ],
  [
    "Sergey",
    "sergey77@yandex.ru",
    "Привет, сломался сайт после обновления, выдаёт ошибку 500. Можете посмотреть сегодня? Доступы пришлю в телеграм.",
  ],
  [
    "Bea",
    "bea@posteo.de",
    "Ihr habt mir eine Rechnung geschickt die nicht stimmt!!! 249 € statt 149 €. Das ist eine Frechheit. Bitte SOFORT korrigieren.",
  ],
  [
    "Tunde Okafor",
    "tunde.okafor@gmail.com",
    "Good day, I am a student in Lagos and interested in your master programme in public health. Is there any scholarship for international students? Kindly advise on the deadline.",
  ],
  ["Anon", "a@b.co", "your opening hours on google are wrong, you closed at 5 and google says 6"],
  ["Jin-woo", "jinwoo@naver.com", "안녕하세요. 이번 주 토요일 오후 3시에 머리 자르고 싶은데 예약 가능할까요?"],
  ["Fatma", "fatma@hotmail.com", "Merhaba, dün aldığım ayakkabının numarası küçük geldi. Değişim yapabilir miyim?"],
  [
    "Carlos",
    "carlos@uol.com.br",
    "Oi, vocês entregam em Niterói? Queria encomendar um bolo de aniversário para sábado.",
  ],
  [
    "Sophie",
    "sophie@studio-sophie.fr",
    "Hello, I'm a photographer and would like to propose an exhibition in your café. Some of my work: www.studio-sophie.fr",
  ],
  [
    "Dave",
    "dave@dave.dev",
    "FYI your contact form accepts <script>alert(1)</script> in the name and shows it back unescaped on the thank you page. You may want to fix that.",
  ],
  ["Omar", "omar@live.com", "How do I unsubscribe from the newsletter? The link at the bottom doesn't work."],
  [
    "Mrs Thompson",
    "mthompson1948@btinternet.com",
    "Dear Sir or Madam, I should like to enquire whether you still sell the large print calendars. My late husband always bought one. Yours faithfully, Edith Thompson",
  ],
  ["Li Wei", "liwei@qq.com", "请问你们的网站可以用支付宝付款吗"],
  ["Noa", "noa@walla.co.il", "שלום, אני מעוניינת לקבוע תור לטיפול פנים ביום רביעי בבוקר. תודה"],
  [
    "Vikram",
    "vikram.s@gmail.com",
    "My internship application: https://github.com/vikrams https://www.linkedin.com/in/vikrams https://vikrams.dev . I know React, Node and a bit of Go.",
  ],
  ["Jasper", "jasper@ziggo.nl", "Hoi, zijn jullie open met Koningsdag? Groetjes"],
  ["Anita", "anita@gmail.com", "I won the raffle on Sunday (ticket 204). How do I claim my prize?"],
  ["Phil", "phil@example.com", "What interest rate do you charge on the instalment plan for the sofa? 12 or 24 months"],
  [
    "Ewa",
    "ewa@onet.pl",
    "Proszę o kontakt w sprawie kredytu hipotecznego, mam umówione spotkanie na wtorek ale nie dam rady przyjść.",
  ],
  [
    "Dr. Amir Haddad",
    "a.haddad@klinikum.de",
    "We prescribe sildenafil for pulmonary hypertension and would like to know whether your pharmacy can deliver to the ward on weekends.",
  ],
  ["Nora", "nora@gmail.com", "Is the poker night on Thursday still on? Can I bring two friends?"],
  [
    "Håkon",
    "hakon@online.no",
    "Hei! Vi er en skoleklasse på 24 som gjerne vil besøke museet i uke 38. Passer tirsdag?",
  ],
  [
    "Theo",
    "theo@gmail.com",
    "Need quote: 500 flyers A5, double sided, 135g. Plus 200 business cards. When could I pick up?",
  ],
  [
    "Mira",
    "mira@marketing-mira.de",
    "Hallo, wir sind ein kleines Café und suchen jemanden, der sich um unser Google-Ranking und Facebook kümmert. Macht ihr sowas und was kostet das im Monat?",
  ],
  ["Chris", "chris@gmail.com", "I want to cancel my membership per 30 June. Please confirm. Member no. 88213"],
  ["Zoltán", "zoltan@freemail.hu", "Üdvözlöm! Szeretném megkérdezni, hogy a hétvégén is nyitva vannak-e."],
  ["Eleni", "eleni@gmail.com", "Καλησπέρα, θα ήθελα να ρωτήσω αν έχετε διαθέσιμο δωμάτιο για το τριήμερο. Ευχαριστώ"],
  [
    "Rob",
    "rob@robs-tiles.com",
    "You tiled our bathroom in March and three tiles have come loose. Photos: https://photos.app.goo.gl/xYz12 — please come and have a look.",
  ],
  [
    "Mandy",
    "mandy@gmail.com",
    "Hello I bought a voucher as a gift, it says code GX7K-PQ2M-88ZT is not valid. What now?",
  ],
  [
    "Press",
    "k.novak@dailyherald.com",
    "I'm a reporter with the Daily Herald working on a piece about online casino advertising near schools. Could I speak with someone from your charity today? Deadline 4pm.",
  ],
  ["Thi Lan Nguyen", "lan.nguyen@gmail.com", "Chào shop, áo này còn size M không ạ? Ship về Đà Nẵng bao lâu?"],
  ["Bob", "bob@gmail.com", "call me"],
];

export const heldBad: readonly Held[] = [
  [
    "Emily Carter",
    "emily.carter.growth@gmail.com",
    "Hi, quick question: who handles your online presence? We've helped 140+ businesses like yours double their organic visitors within 90 days. Worth a 10-minute chat this week?",
  ],
  [
    "Jason",
    "jason@seorankpros.info",
    "Your competitors are outranking you. I ran an audit and found 37 critical errors that keep you from page one. Shall I send over the report, free of charge?",
  ],
  [
    "Olivia",
    "olivia.web@outlook.com",
    "Hello Sir/Mam, We are India based web development company. We do website redesign, Wordpress, Magento, Shopify, mobile app at very reasonable cost. May I send our past work and price list?",
  ],
  [
    "Mike Peterson",
    "mike@explainerz.co",
    "A short animated explainer video can lift conversions by 80%. We're running a 50% discount this month. Reply YES and I'll send samples.",
  ],
  [
    "Barr. Kingsley Obi",
    "barr.kingsleyobi@yahoo.com",
    "Dearest One, I am the personal attorney to a late client who shares your surname. He left USD 9.2 million with a bank here and I want to present you as beneficiary. Reply with full confidence.",
  ],
  [
    "Anna",
    "anna1992sexy@mail.ru",
    "hi handsome, im lonely tonight and looking for a man for no strings fun. see my pics here",
  ],
  [
    "CryptoGains",
    "support@btc-doubler.top",
    "Double your BTC in 24 hours! Minimum deposit 0.01. Trusted by 25,000 investors. Instant withdrawals.",
  ],
  [
    "Peter",
    "peter@fastfunding.biz",
    "Need working capital? Get approved for up to $500,000 in 24 hours. No collateral, bad credit welcome. Apply today.",
  ],
  [
    "Pharm Express",
    "sales@rx-express.ru",
    "Cialis, Levitra and generic Viagra, no prescription needed. Discreet worldwide shipping, lowest prices guaranteed.",
  ],
  [
    "Lucky",
    "lucky@spin.win",
    "Claim your 200 free spins and 100% welcome bonus up to €1000 at the top rated online casino. Play now!",
  ],
  [
    "Sophia",
    "sophia@linkbuilders.net",
    "Do you accept guest posts? We want to publish an article with a dofollow link on your blog. Please tell me your price per post.",
  ],
  [
    "Data Team",
    "leads@b2blists.com",
    "We can provide verified email lists of decision makers in your industry: names, phones, emails. Let me know your target audience and I'll share counts and pricing.",
  ],
  [
    "Accounts",
    "billing@invoice-dept.com",
    "Your invoice INV-88231 is overdue. Please process the payment today to avoid legal action. Download the invoice from the secure link in this message: https://inv-secure.top/88231",
  ],
  [
    "Domain Services",
    "notice@domain-registry-notice.com",
    "Final notice: your domain is about to expire from search engine listing. Complete your payment within 24 hours to avoid termination of the service.",
  ],
  [
    "Алексей",
    "promo@seo-rost.ru",
    "Здравствуйте! Предлагаем продвижение вашего сайта в ТОП-10 Яндекса. Оплата за результат. Бесплатный аудит. Пишите в телеграм @seorost",
  ],
  [
    "Мария",
    "masha@inbox.ru",
    "Заработок от 5000 рублей в день без вложений! Переходи по ссылке и начни прямо сейчас http://zarabotok-top.ru",
  ],
  ["陈经理", "chen@fapiao88.com", "代开各类发票，点数优惠，可先验后付，联系微信 fp8866"],
  [
    "Kreditbüro",
    "kredit@sofort-geld.biz",
    "Sie brauchen dringend Geld? Kredit bis 100.000 € ohne Schufa, Auszahlung in 48 Stunden. Jetzt anfragen!",
  ],
  [
    "Jean",
    "jean.pret@yahoo.fr",
    "Bonjour, je suis un particulier et j'offre des prêts de 5000 à 500000 euros à toute personne sérieuse, taux de 2%. Contactez-moi.",
  ],
  [
    "José",
    "jose@marketingpro.mx",
    "¿Quieres aparecer en la primera página de Google? Ofrecemos posicionamiento SEO garantizado y diseño web a precios económicos. Contáctanos.",
  ],
  ["RobertTom", "robert@tomm.site", "Looking for a good time? <a href=http://datingz.site>click</a>"],
  [
    "Hacker",
    "anon@tutanota.com",
    "I have full access to your device and recorded you through your camera. Send $1400 in bitcoin to this wallet within 48 hours or I send the video to all your contacts.",
  ],
  [
    "Replica",
    "info@luxwatch.shop",
    "AAA replica Rolex, Gucci bags and Louis Vuitton at 80% off. Free shipping worldwide.",
  ],
  [
    "SMM",
    "panel@likes.store",
    "Buy Instagram followers, TikTok likes and YouTube views, cheapest SMM panel, instant delivery.",
  ],
  [
    "Grace",
    "grace.h@gmail.com",
    "Hello, I was browsing your site and noticed it loads slowly and isn't ranking for important keywords. Our team of 50+ experts can fix this at an affordable price. Can I send you a proposal?",
  ],
  [
    "Wendy Liu",
    "wendy@shenzhen-led.cn",
    "Dear purchasing manager, we are a professional manufacturer of LED display in Shenzhen with 15 years experience. Factory price, high quality, fast delivery. Welcome your inquiry!",
  ],
  [
    "Forex Mentor",
    "mentor@fxsignals.pro",
    "Our forex signals have a 92% win rate. Join our Telegram channel t.me/fxvip and start earning passive income from day one.",
  ],
  [
    "Dr. Ogudu",
    "drogudu@gmail.com",
    "I want to testify how Dr Ogudu the great spell caster brought my ex husband back in 48 hours. Contact him on WhatsApp +234 905 000 0000 if you have any relationship problem.",
  ],
  [
    "Gift",
    "promo@rewardz.click",
    "Congratulations! You have been selected to receive a $500 Walmart gift card. Confirm your details before midnight: http://rewardz.click/w",
  ],
  [
    "Kevin",
    "kevin@ai-chatbots.agency",
    "Imagine an AI chatbot answering your customers 24/7. We build and install it for you in 3 days. Book a free demo call on my calendar.",
  ],
  [
    "Essay",
    "help@bestessays.help",
    "Struggling with deadlines? Our professional writers deliver plagiarism-free essays and dissertations from $9 per page. Order now and get 15% off.",
  ],
  [
    "Keto",
    "news@slimfast.life",
    "Lose 30 pounds in 30 days without exercise with this weird trick doctors hate. Try our keto gummies risk free.",
  ],
  [
    "Linda",
    "linda@ppe-supply.com",
    "Great article! I really enjoyed reading it, keep up the good work. Also visit my page for cheap insurance quotes http://cheapinsure.info",
  ],
  [
    "Slot88",
    "admin@slotgacor.asia",
    "Situs judi slot gacor terpercaya 2024, bonus new member 100%, daftar sekarang! slotgacor88.asia",
  ],
  [
    "Bahis",
    "iletisim@betpanel.bet",
    "Güvenilir bahis sitesi, ilk üyelik bonusu 1000 TL, canlı casino ve kaçak iddaa için hemen üye ol.",
  ],
  [
    "Nina",
    "nina@va-hire.com",
    "Are you overwhelmed with admin work? Hire a full-time virtual assistant from just $5/hour. No contract, cancel any time. Would you be open to a quick call?",
  ],
  [
    "Mail Admin",
    "no-reply@mail-quota.support",
    "Your mailbox has exceeded its storage limit. Verify your account now to avoid losing incoming messages: http://mail-verify.support/login",
  ],
  [
    "Frank",
    "frank.invest@gmail.com",
    "I am a financial consultant to investors with funds of $50M looking to finance viable projects by way of loan at 3% interest per annum. Send your business plan.",
  ],
  [
    "Backlinks",
    "da@dapower.site",
    "500 high DA backlinks for only $29! Boost your Domain Authority, white hat, full report. Order on our site.",
  ],
  [
    "Vera",
    "vera@video.studio",
    "Hey, I just made a quick video showing 3 things on your website that cost you customers. Where can I send it?",
  ],
  ["", "", "get rich fast no work needed http://a1.top http://b2.top http://c3.top http://d4.top"],
  ["xKjhQwPz", "kqjzx@vbnm.ru", "hGtrWqZxPlmKjv"],
  [
    "IPTV",
    "sales@iptv4k.store",
    "20,000 channels, all sports and movies in 4K, 24h free trial. Best IPTV subscription, only $10 a month.",
  ],
  [
    "Passport",
    "docs@reald0cs.cc",
    "We produce registered passports, driver's licenses and ID cards, bypass all checks. Contact via WhatsApp.",
  ],
  [
    "Hannah",
    "hannah.pr@mediaspots.co",
    "We'd love to feature your company on Forbes, Yahoo Finance and 200 news sites. Packages start at $199. Interested in seeing our media list?",
  ],
  [
    "Turbo",
    "t@turbo.icu",
    "Сдам дешево аккаунты, прокси, базы email. Рассылка по формам обратной связи недорого. Скайп: turbo.rass",
  ],
  [
    "Elena",
    "elena@feedback-forms.com",
    "This message was sent through your contact form, exactly as we can send yours to 2 million websites. Cheapest advertising. Ask us for a quote.",
  ],
  [
    "Card",
    "cvv@dumps.su",
    "Fresh CVV, fullz, dumps with pin, bank logins, PayPal transfer. 100% valid rate, replacement guaranteed.",
  ],
  [
    "Solar",
    "info@solarsavers.info",
    "Homeowners in your area are getting solar panels at no cost. See if you qualify for the government rebate before it ends.",
  ],
  [
    "Trademark",
    "office@tm-bureau.org",
    "Your company name is being registered by another applicant. As the brand protection agent we must hear from you within 7 days, else the registration proceeds.",
  ],
];

/**
 * Answers to a contact form, good and bad, made of templates in the words of many sorts of people and programs. Every other template
 * was looked at while the rules were written (`seen`); the rest tell how the rules do on others.
 */

/** What came with an answer besides what was typed. */
export type Token =
  /** None: from a page written by hand. */
  | "none"
  /** Opened minutes ago, filled in by a browser in three seconds, left open over night. */
  | "slow"
  | "filled"
  | "night"
  /** Sent at once; not ours; of another form; used for another answer. */
  | "young"
  | "forged"
  | "foreign"
  | "used";

export interface Sample {
  readonly kind: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly token: Token;
  /** The form's pages load `forms.js`. */
  readonly script?: boolean;
}

const people: readonly (readonly [name: string, email: string])[] = [
  ["Anna Berg", "anna.berg@gmail.com"],
  ["Mehmet Yılmaz", "mehmet@hotmail.com"],
  ["Krzysztof Szczepański", "krzysztof.sz@wp.pl"],
  ["Nguyễn Văn An", "an.nguyen@gmail.com"],
  ["Ольга Смирнова", "olga1985@mail.ru"],
  ["李明", "liming@qq.com"],
  ["محمد علي", "m.ali@yahoo.com"],
  ["Seán O'Brien", "sean@proton.me"],
  ["JoAnn McDonald", "joann.mcdonald@aol.com"],
  ["Dr. K. Schwarzschild-Mkrtchyan", "ks@uni-jena.de"],
  ["x", "x@x.de"],
  ["HANS MEIER", "hans.meier@t-online.de"],
];

const days = ["today", "tomorrow", "on Friday", "next week", "in May", "before Christmas"];
const things = ["kitchen", "bike", "website", "dress", "sofa", "boiler", "garden", "guitar"];

const goodTemplates: readonly string[] = [
  "hi",
  "Call me please 0171 23456{n}",
  "Hello, could you repair my {thing} {day}?",
  "I'd like to order {n} cakes for a wedding {day}. Do you deliver?",
  "Please call me back {day}, it is about my {thing}. 030 55{n}17",
  "What does a new {thing} cost roughly? We have about {n}00 euros.",
  "Is there a table free for {n} people {day}?",
  "I ordered a {thing} {n} weeks ago and it is STILL NOT HERE. I want my money back!",
  "WHERE IS MY {thing}??? NOBODY ANSWERS THE PHONE",
  "How much do you charge for SEO for a small shop? Our site is https://shop-{n}.example.com",
  "Our Google ranking dropped after the relaunch. Can you look at our website and tell us what an SEO audit would cost?",
  "I am applying for the job as developer. My portfolio: https://jo{n}.dev and https://github.com/jo{n}, LinkedIn: https://www.linkedin.com/in/jo{n}",
  "Here is the document you asked for: https://docs.google.com/document/d/1x{n}Yz/edit",
  "I found your site through a friend. Your work is wonderful! Are you free {day} for a family photo?",
  "The link https://www.example.com/page{n} on your page is broken, just so you know.",
  "Thank you so much for the {thing}, we love it!",
  "Can I pay in {n} instalments? And is the {thing} still available?",
  "Guten Tag, was kostet eine Reparatur für ein {thing}? Ich könnte {n}. Mai vorbeikommen. Danke!",
  "Hallo, ich möchte gerne einen Termin vereinbaren, am liebsten nächste Woche {n} Uhr. Meine Nummer: 0151 44{n}2",
  "Sehr geehrte Damen und Herren, bitte senden Sie mir ein Angebot für {n} Stühle. Mit freundlichen Grüßen",
  "Ihre Rechnung Nr. {n}77 ist falsch, bitte korrigieren. So eine Unverschämtheit!",
  "Wir suchen eine Agentur für unsere Website, auch SEO. Was würde das kosten?",
  "Bonjour, êtes-vous ouverts le {n} mai ? Je voudrais réserver une chambre pour deux personnes.",
  "Je n'ai toujours pas reçu ma commande {n}45. Merci de me rappeler.",
  "Hola, ¿cuánto cuesta el curso para {n} personas? Quisiera empezar en mayo.",
  "Buenos días, mi pedido {n}32 llegó roto. ¿Qué hago?",
  "Buongiorno, vorrei sapere se avete posto per {n} persone sabato sera.",
  "Goedemiddag, ik wil graag een afspraak maken voor {n} mei. Kan dat?",
  "Dzień dobry, ile kosztuje przegląd? Mogę przyjechać o {n}:00.",
  "Здравствуйте, сколько стоит доставка в Казань? Заказ {n}15.",
  "Добрый день! Хочу записаться на стрижку на {n} мая, можно?",
  "Не работает личный кабинет, пишет ошибку {n}. Помогите пожалуйста, я уже два дня не могу зайти в систему!",
  "Доброго дня, чи можна замовити {n} квитків?",
  "你好，请问{n}号还有房间吗？两个大人一个小孩。",
  "我上周订的货还没有收到，订单号{n}88，请尽快处理！",
  "こんにちは。{n}日に予約したいのですが、空いていますか？",
  "안녕하세요, {n}명 예약 가능한가요?",
  "مرحبا، كم سعر الغرفة لليلة {n} مايو؟",
  "السلام عليكم، طلبي رقم {n}55 لم يصل بعد",
  "שלום, כמה עולה שיעור גיטרה? אני פנוי ביום {n}",
  "Merhaba, {n} kişilik masa ayırtmak istiyorum.",
  "Olá, vocês têm vaga para {n} pessoas no sábado?",
  "Hej, har ni öppet den {n} maj?",
  "สวัสดีค่ะ อยากจองห้องพัก {n} คืน ราคาเท่าไหร่คะ",
  "नमस्ते, क्या आप {n} मई को खुले हैं?",
  "Γεια σας, έχετε δωμάτιο για {n} άτομα;",
  "My dog ate {n} of your cookies, is that dangerous?",
  "I lost my password and the reset mail never arrives. User name: kat{n}",
  "We are {n} teachers and would like to visit the museum {day}. Do schools get a discount?",
  "Do you take crypto or only cards?",
  "Please cancel my subscription {day}. Customer number {n}4711.",
  "I'm interested in the flat in Main Street {n}. When can I see it?",
  "The contact form on your website does not work in Safari, I had to use my phone.",
  "Quote please: {n}00 flyers, A5, both sides, and 50 posters.",
];

const badTemplates: readonly string[] = [
  "Hello, I am an SEO expert. I can get your website on the first page of Google in {n} days. Are you interested?",
  "We offer professional SEO services, backlinks and guest posts at affordable prices. Reply for our price list.",
  "I visited your website and noticed several errors that keep it from ranking. Can I send you a free audit report?",
  "Our company provides web design and development services. We can redesign your website for just ${n}99. Let me know if you are interested.",
  "Get {n}0,000 targeted visitors to your website every month. Guaranteed results or your money back!",
  "Dear Sir/Madam, we are a team of {n}0 developers from India offering mobile app and web development at reasonable cost.",
  "Do you need a business loan? We provide loans from $5,000 to ${n}00,000 at 3% interest, no collateral. Apply now.",
  "Need cash fast? Personal loans approved in {n} minutes, bad credit OK.",
  "Invest in Bitcoin with us and earn {n}0% profit every week. Guaranteed returns, withdraw any time.",
  "Our forex trading robot makes ${n}00 per day on autopilot. Start with a small deposit today.",
  "Play at the best online casino and get {n}00 free spins and a welcome bonus. Register now!",
  "Sports betting tips with {n}0% accuracy, join our VIP channel and win every day.",
  "Buy Viagra and Cialis online without prescription, {n}0% off, discreet shipping worldwide.",
  "Lose {n}0 pounds in 2 weeks with our miracle keto pills. No diet, no exercise!",
  "Hot single women near you want to meet tonight. Click to see their naked photos.",
  "Hey darling, I am {n}4 years old and looking for a man for sex tonight, my nudes are waiting.",
  "I am Barrister Mark, attorney to your late relative who left {n}.5 million dollars. You are the beneficiary, reply urgently.",
  "CONGRATULATIONS! You have won {n}50,000 euros in our lottery. Send your bank details to claim your prize.",
  "Your account has been suspended. Verify your password within {n}4 hours to avoid termination.",
  "I hacked your computer and recorded you with your webcam. Pay ${n}00 in bitcoin or your contacts get the video.",
  "Would you accept a sponsored article with a dofollow link on your blog? We pay ${n}0 per post.",
  "I'd like to write a guest post for your website with one link to our site. What do you charge?",
  "Buy {n}0,000 real Instagram followers and likes, cheap and instant delivery.",
  "We sell verified B2B email lists, {n} million contacts of decision makers in every industry.",
  "Replica Rolex watches and Louis Vuitton bags, {n}0% off, free worldwide shipping.",
  "We are a leading manufacturer in China with {n} years of experience. Factory price, OEM welcome. Send your inquiry.",
  "Your domain registration expires in {n} days. This is the final notice, renew now to keep your search listing.",
  "We make explainer videos that boost your conversions by {n}0%. Would you be open to a quick call this week?",
  "Professional essay writing service, plagiarism free, from ${n} per page. Order now.",
  "Powerful love spells to bring your ex back in {n} hours. Contact Dr. Ade on WhatsApp.",
  "Great post! I really enjoyed reading it. Please visit my site for more http://best-{n}.example.net",
  "Our AI chatbot answers your customers around the clock and captures leads for your business. Book a free demo.",
  "Earn ${n}000 a month working from home, no experience needed. Ask me how!",
  "Our agency helps businesses like yours get {n}0 qualified leads per month. Do you have 10 minutes for a call?",
  "This message was delivered through your contact form. We can send your ad to {n} million websites for a low price.",
  "IPTV subscription with {n}0,000 channels, free trial, only $9 a month.",
  "Предлагаем продвижение сайтов в ТОП-{n}. Бесплатный аудит, оплата за результат. Пишите в Telegram.",
  "Лучшее онлайн казино! {n}0 фриспинов за регистрацию, переходи по ссылке.",
  "Заработок в интернете от {n}000 рублей в день без вложений!",
  "База email адресов компаний, рассылка по формам обратной связи, {n} млн сайтов, недорого.",
  "Kredit bis {n}0.000 Euro ohne Schufa, sofortige Auszahlung. Jetzt anfragen!",
  "Wir bringen Ihre Website auf Seite 1 bei Google, garantiert in {n} Wochen. Kostenlose Analyse, jetzt anfragen!",
  "Verdienen Sie {n}00 Euro am Tag mit Bitcoin, ganz einfach von zu Hause.",
  "Offre de prêt entre particuliers de 5000 à {n}00000 euros, taux de 2%. Contactez-moi.",
  "Nous proposons le référencement de votre site en première page de Google. Devis gratuit, contactez-nous.",
  "Ofrecemos posicionamiento SEO para su empresa, primera página de Google garantizada en {n} meses. Contáctanos.",
  "Préstamos rápidos de hasta {n}0.000 euros sin aval, contácteme hoy.",
  "代开发票，{n}个点，联系微信 kp{n}88",
  "网站优化，百度排名首页，{n}天见效，加QQ {n}998",
  "澳门赌场真人娱乐，注册送{n}8元",
  "オンラインカジノで今すぐ登録、ボーナス{n}万円プレゼント",
  "Güvenilir bahis sitesi, {n}00 TL deneme bonusu, hemen üye ol",
  "Situs slot gacor terpercaya, bonus new member {n}0%, daftar sekarang",
  "Oferujemy pozycjonowanie stron w Google, atrakcyjne ceny od {n}00 zł. Zapraszamy do kontaktu.",
];

function filled(template: string, n: number): string {
  return template
    .replaceAll("{n}", String((n % 8) + 1))
    .replaceAll("{day}", days[n % days.length] ?? "")
    .replaceAll("{thing}", things[n % things.length] ?? "");
}

function person(n: number): { name: string; email: string } {
  const [name = "", email = ""] = people[n % people.length] ?? [];
  return { name, email: email.replace("@", `${n}@`) };
}

const unhurried: readonly Token[] = ["none", "slow", "filled", "night", "none", "slow"];

/** Good people: each message by several, in turn from hand-written and from our pages, with and without JavaScript. */
export const good: readonly Sample[] = goodTemplates.flatMap((template, at) =>
  [0, 1, 2, 3, 4, 5].map((turn): Sample => {
    const n = at * 6 + turn;
    const token = unhurried[turn] ?? "none";
    return {
      kind: `good: ${template.slice(0, 40)}`,
      fields: { ...person(n + at), message: filled(template, n) },
      token,
      script: turn === 4,
    };
  }),
);

const mechanical: readonly ((n: number) => Partial<Sample> & { readonly fields: Sample["fields"] })[] = [
  (n) => ({ kind: "honeypot", fields: { ...bot(n), message: "Nice site you have here.", _gotcha: "yes" } }),
  (n) => ({ kind: "honeypot", fields: { ...bot(n), message: "Please call me.", "bot-field": bot(n).email } }),
  (n) => ({ kind: "fast", fields: { ...bot(n), message: "I have a question about your service." }, token: "young" }),
  (n) => ({ kind: "replay", fields: { ...bot(n), message: "What are your opening hours in winter?" }, token: "used" }),
  (n) => ({ kind: "forged", fields: { ...bot(n), message: "Do you deliver to Vienna?" }, token: "forged" }),
  (n) => ({ kind: "foreign", fields: { ...bot(n), message: "Do you deliver to Berlin?" }, token: "foreign" }),
  (n) => ({ kind: "flood", fields: { ...bot(n), message: flood(n, 8) } }),
  (n) => ({ kind: "flood", fields: { ...bot(n), message: `Look at these ${flood(n, 4)}` } }),
  (n) => ({ kind: "marks", fields: { ...bot(n), message: `see [url=http://a${n}.example]this[/url]` } }),
  (n) => ({ kind: "marks", fields: { ...bot(n), message: `<a href="http://b${n}.example/x">very good</a>` } }),
  (n) => ({ kind: "named", fields: { ...bot(n), name: `http://c${n}.example`, message: "hello" } }),
  (n) => ({
    kind: "shortened",
    fields: { ...bot(n), message: `look https://bit.ly/3x${n} and https://cutt.ly/k${n}` },
  }),
  (n) => ({
    kind: "gibberish",
    fields: { name: random(n), email: `${random(n + 1)}@gmail.com`, message: random(n + 2) },
  }),
  (n) => ({
    kind: "gibberish",
    fields: { name: random(n + 3), email: bot(n).email, message: `${random(n)} ${random(n + 5)}` },
  }),
  (n) => ({ kind: "mixed", fields: { ...bot(n), message: `Bеst оnline cаsino, win ${n} tоday` } }),
  (n) => ({
    kind: "hidden",
    fields: { ...bot(n), message: `Cheap vi\u{200b}ag\u{200b}ra and ci\u{200b}al\u{200b}is for ${n} dollars` },
  }),
  (n) => ({
    kind: "probe",
    fields: { ...bot(n), name: "' OR '1'='1", message: `${n}' UNION SELECT password FROM users` },
  }),
  (n) => ({
    kind: "same",
    fields: { name: `google${n}`, phone: `google${n}`, message: `google${n} http://g${n}.top` },
  }),
];

function bot(n: number): { name: string; email: string } {
  const names = ["Robert", "James", "Linda", "Michael", "Susan"];
  return { name: names[n % names.length] ?? "", email: `contact${n}@example.net` };
}

function flood(n: number, links: number): string {
  return Array.from({ length: links }, (_, at) => `http://spam${n}-${at}.example.com.site${at}.top/x`).join(" ");
}

/** Letters as a program throws them, the same each time. */
function random(n: number): string {
  let [state, text] = [n * 2654435761 + 12345, ""];
  for (let at = 0; at < 12; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const letter = String.fromCharCode(97 + ((state >>> 16) % 26));
    text += (state >>> 24) % 3 === 0 ? letter.toUpperCase() : letter;
  }
  return text;
}

export const bad: readonly Sample[] = [
  ...badTemplates.flatMap((template, at) =>
    [0, 1, 2, 3].map((turn): Sample => ({
      kind: `prose: ${template.slice(0, 40)}`,
      fields: { ...person(at * 4 + turn), message: filled(template, at * 4 + turn) },
      token: turn % 2 ? "slow" : "none",
    })),
  ),
  ...mechanical.flatMap((make, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((turn): Sample => ({ kind: "bot", token: "none", ...make(at * 8 + turn) })),
  ),
];

// Writes money.tsv, the table `kernel::money` shows amounts by, and what ICU makes of some amounts (cases.tsv) and of
// some counts (plurals.tsv), for the tests.
//
//   npm install cldr-numbers-full@48.0.0 cldr-core@48.0.0     (in a folder of its own)
//   node make.mjs THAT_FOLDER                                  (a Node whose process.versions.cldr says 48.0)
//
// The facts are CLDR's. What the tests compare with comes from ICU's own formatter, which knows nothing of the table.
import { createRequire } from "node:module";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const from = join(process.argv[2], "node_modules");
const here = import.meta.dirname;
const require = createRequire(import.meta.url);
const read = (path) => require(join(from, path));
const version = read("cldr-numbers-full/package.json").version;
if (!version.startsWith(process.versions.cldr)) throw new Error(`CLDR ${version} here, ${process.versions.cldr} in Node`);

// Which currencies there are, and their digits, is our own list: ISO 4217.
const rust = readFileSync(join(here, "../src/money/currency.rs"), "utf8");
const digits = Object.fromEntries([...rust.matchAll(/\("([A-Z]{3})", (\d)\)/g)].map(([, code, n]) => [code, Number(n)]));
for (const [, code] of rust.slice(rust.indexOf("TWO_DIGITS: &[&str]")).matchAll(/"([A-Z]{3})"/g)) digits[code] ??= 2;
const currencies = Object.keys(digits).sort();

const USUAL = { az: "Latn", kk: "Cyrl", kok: "Deva", pa: "Guru", sd: "Arab", sr: "Cyrl", uz: "Latn", bs: "Latn" };
const modern = read("cldr-core/coverageLevels.json").effectiveCoverageLevels;
const languages = new Set(Object.keys(modern).filter((tag) => modern[tag] === "modern" && !tag.includes("-")));
// `no` is written nb.
languages.add("und").delete("no");

// CLDR's name of a locale as `Locale::fallbacks` says it.
function ours(tag) {
  const [language, script, ...rest] = tag.split("-");
  if (USUAL[language] === script) return [language, ...rest].join("-");
  return tag === "zh-Hans" ? "zh" : tag;
}

function parent(tag) {
  const cut = tag.lastIndexOf("-");
  if (cut < 0 || /^..-[A-Z][a-z]{3}$/.test(tag)) return "und";
  return tag.startsWith("zh-Hans-") ? "zh" : tag.slice(0, cut);
}

// A symbol, and behind @ a pattern, a decimal sign and a group sign where this currency has its own.
function sign(tag, { symbol, pattern, decimal, group }, code) {
  const plain = symbol ?? code;
  if (!pattern && !decimal && !group) return plain;
  // The euro in English on the continent comes with the separators of its pattern, which CLDR's JSON leaves out.
  const english = tag.startsWith("en") && pattern === "¤#,##0.00" ? [".", ","] : ["", ""];
  return [plain, pattern ?? "", decimal ?? english[0], group ?? english[1]].join("@");
}

function row(tag) {
  const name = tag === "und" ? "und" : tag;
  const numbers = read(`cldr-numbers-full/main/${name}/numbers.json`).main[name].numbers;
  const system = numbers.defaultNumberingSystem;
  const symbols = numbers[`symbols-numberSystem-${system}`];
  const zero = read("cldr-core/supplemental/numberingSystems.json").supplemental.numberingSystems[system]._digits[0];
  const known = read(`cldr-numbers-full/main/${name}/currencies.json`).main[name].numbers.currencies;
  return {
    zero,
    decimal: symbols.currencyDecimal ?? symbols.decimal,
    // On purpose not CLDR's: from version 48 on it parts Swiss thousands by the typewriter's ', print by ’.
    group: (symbols.currencyGroup ?? symbols.group).replace("'", "’"),
    minus: symbols.minusSign,
    least: numbers.minimumGroupingDigits,
    pattern: numbers[`currencyFormats-numberSystem-${system}`].standard,
    symbols: Object.fromEntries(currencies.map((code) => [code, sign(name, known[code] ?? {}, code)])),
  };
}

const tags = readdirSync(join(from, "cldr-numbers-full/main"))
  .filter((tag) => languages.has(tag.split("-")[0]) && !/-[a-z0-9]{5,}$/.test(tag))
  // Numbers of the world at large: no region's, and nobody's order.
  .filter((tag) => !/^(yue|kok|chr|pcm)/.test(tag));
const rows = Object.fromEntries(tags.map((tag) => [ours(tag), row(tag)]));
const lines = [];
for (const tag of Object.keys(rows).sort((a, b) => (a === "und" ? -1 : b === "und" ? 1 : a < b ? -1 : 1))) {
  const { symbols, ...shape } = rows[tag];
  let above = parent(tag);
  while (tag !== "und" && !rows[above]) above = parent(above);
  const base = tag === "und" ? { symbols: {} } : rows[above];
  const same = Object.keys(shape).every((key) => shape[key] === base[key]);
  const differs = currencies.filter((code) => symbols[code] !== (base.symbols[code] ?? code));
  if (same && differs.length === 0) continue;
  const own = differs.map((code) => `${code}=${symbols[code]}`).join("|");
  lines.push([tag, shape.zero, shape.decimal, shape.group, shape.minus, shape.least, shape.pattern, own].join("\t"));
}
const invisible = (text) => text.replace(/[\u00a0\u061c\u200e\u200f\u202f\u2068\u2069]/g, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
const head = `# How each language and region writes amounts: Unicode CLDR ${version}, currencyFormats/standard and its symbols, in
# the locale's own digits. Made by make.mjs. A tag without a line is written like the one it is cut down to, in the end
# like und. Signs nobody sees are written as \\u{…}. One thing is not CLDR's: Swiss thousands are parted by ’, as in print,
# and not by the typewriter's ' that it has named since version 48.
# tag	zero	decimal	group	minus	least digits before a group	pattern	symbols that differ from the tag above: SYMBOL or SYMBOL@PATTERN@DECIMAL@GROUP
`;
writeFileSync(join(here, "money.tsv"), invisible(head.replaceAll("\\u{…}", "\\\\u{…}") + lines.join("\n") + "\n").replaceAll("\\\\u{…}", "\\u{…}"));

const shown = (tag, code, minor) => {
  const places = { minimumFractionDigits: digits[code], maximumFractionDigits: digits[code] };
  return new Intl.NumberFormat(tag, { style: "currency", currency: code, ...places }).format(minor / 10 ** digits[code]);
};
const local = "en-GB GBP,en-US USD,en-CA CAD,en-AU AUD,en-NZ NZD,en-IE EUR,en-IN INR,en-ZA ZAR,en-SG SGD,en-DE EUR,en-CH CHF,en-SE SEK,de-DE EUR,de-AT EUR,de-CH CHF,de-LI CHF,de-LU EUR,fr-FR EUR,fr-CH CHF,fr-CA CAD,fr-BE EUR,it-IT EUR,it-CH CHF,es-ES EUR,es-MX MXN,es-AR ARS,es-CL CLP,es-CO COP,es-US USD,pt-BR BRL,pt-PT EUR,pt-CV CVE,nl-NL EUR,nl-BE EUR,da-DK DKK,sv-SE SEK,nb-NO NOK,fi-FI EUR,is-IS ISK,pl-PL PLN,cs-CZ CZK,sk-SK EUR,hu-HU HUF,ro-RO RON,bg-BG BGN,hr-HR EUR,sl-SI EUR,sr-RS RSD,sr-Latn-RS RSD,el-GR EUR,tr-TR TRY,ru-RU RUB,uk-UA UAH,lt-LT EUR,lv-LV EUR,et-EE EUR,ga-IE EUR,cy-GB GBP,ca-ES EUR,eu-ES EUR,gl-ES EUR,ar-EG EGP,ar-AE AED,ar-SA SAR,ar-KW KWD,ar-MA MAD,ar IQD,he-IL ILS,fa-IR IRR,ur-PK PKR,ps-AF AFN,hi-IN INR,bn-BD BDT,mr-IN INR,ne-NP NPR,ta-IN INR,te-IN INR,gu-IN INR,kn-IN INR,ml-IN INR,pa-IN INR,si-LK LKR,my-MM MMK,km-KH KHR,lo-LA LAK,th-TH THB,vi-VN VND,id-ID IDR,ms-MY MYR,fil-PH PHP,ja-JP JPY,ko-KR KRW,zh-CN CNY,zh-TW TWD,zh-HK HKD,zh-Hans-SG SGD,mn-MN MNT,kk-KZ KZT,uz-UZ UZS,az-AZ AZN,hy-AM AMD,ka-GE GEL,am-ET ETB,sw-KE KES,zu-ZA ZAR,af-ZA ZAR,yo-NG NGN,ha-NG NGN";
const cases = [];
for (const pair of local.split(",")) {
  const [tag, code] = pair.split(" ");
  for (const [currency, minor] of [[code, 1200], [code, 123456], [code, -123456789], ["USD", -1250], ["KWD", 1234567], ["JPY", 2795]]) {
    cases.push([tag, currency, minor, shown(tag, currency, minor)].join("\t"));
  }
}
const amounts = `# Amounts as ICU ${process.versions.icu} (CLDR ${process.versions.cldr}) writes them, through Intl.NumberFormat of Node ${process.versions.node}, with the
# digits of ISO 4217. Made by make.mjs, and an oracle of its own: it reads nothing of money.tsv.
# tag	currency	minor units	shown
`;
writeFileSync(join(here, "cases.tsv"), amounts + invisible(cases.join("\n") + "\n"));
const forms = Object.keys(rows)
  .filter((tag) => tag !== "und" && !tag.includes("-"))
  .map((tag) => {
    const rules = new Intl.PluralRules(tag);
    const letters = Array.from({ length: 201 }, (_, n) => rules.select(n)).map((name) => ({ two: "2", other: "x" })[name] ?? name[0]);
    return `${tag}\t${letters.join("")}`;
  });
writeFileSync(
  join(here, "plurals.tsv"),
  `# Which form each language has for 0, 1, 2 … 200: z(ero), o(ne), 2 (two), f(ew), m(any), x (other), by Intl.PluralRules of
# Node ${process.versions.node}, ICU ${process.versions.icu} (CLDR ${process.versions.cldr}). Made by make.mjs.
${forms.join("\n")}
`,
);
console.log(lines.length, "lines,", cases.length, "cases");

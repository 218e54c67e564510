'use strict';

const { secretBytes } = require('./webhooks');

const SHORTEST_KEY = 24;
const RETRY = { firstMs: 2_000, maxMs: 900_000, attempts: 300 };

/** Checks what the shop says in its config, so that a mistake stops the start and not the first order. */
function checked(given) {
  if (!given || typeof given !== 'object') throw wrong('init() needs { url, secret }');
  const options = { taxIncluded: true, timeoutMs: 20_000, ...given, retry: { ...RETRY, ...given.retry } };
  if (!isWebAddress(options.url)) throw wrong('url has to be the webhook_url that `aftercare connect vendure` printed');
  secretBytes(options.secret);
  if (options.apiKey !== undefined && !(typeof options.apiKey === 'string' && options.apiKey.length >= SHORTEST_KEY)) {
    throw wrong(`apiKey needs at least ${SHORTEST_KEY} characters`);
  }
  for (const [name, value] of [...Object.entries(options.retry), ['timeoutMs', options.timeoutMs]]) {
    if (!Number.isInteger(value) || value < 1) throw wrong(`${name} has to be a whole number from 1`);
  }
  for (const name of ['include', 'locale', 'productUrl', 'imageUrl', 'customize']) {
    if (options[name] !== undefined && typeof options[name] !== 'function') throw wrong(`${name} has to be a function`);
  }
  return options;
}

function isWebAddress(text) {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

function wrong(words) {
  return new Error(`AftercarePlugin: ${words}`);
}

module.exports = { checked };

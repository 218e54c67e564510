'use strict';

const { createHash, createHmac } = require('node:crypto');

/** The bytes of `whsec_…`; Standard Webhooks asks for 24 to 64. */
function secretBytes(secret) {
  const bytes = Buffer.from(/^whsec_([A-Za-z0-9+/]+=*)$/.exec(secret ?? '')?.[1] ?? '', 'base64');
  if (bytes.length < 24 || bytes.length > 64) {
    throw new Error('AftercarePlugin: secret has to be the whsec_… that `aftercare connect vendure` printed');
  }
  return bytes;
}

/** One signature by Standard Webhooks 1.0.0; `timestamp` is in whole seconds. */
function sign(secret, id, timestamp, body) {
  return `v1,${createHmac('sha256', secretBytes(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** The same order told in the same state has the same id, however often it is sent. */
function idOf(data) {
  return `msg_${createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 40)}`;
}

/**
 * Sends one event and says how that went: `taken`, `refused` (the same bytes would be refused again) or `later`, with
 * the reason and, where the server named one, the pause it asks for.
 */
async function send({ url, secret, timeoutMs }, id, event, fetchIt = fetch) {
  const body = JSON.stringify(event);
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign(secret, id, timestamp, body),
  };
  let answer;
  try {
    // A redirect is not followed: what was signed for one address is nobody else's to read.
    const signal = AbortSignal.timeout(timeoutMs);
    answer = await fetchIt(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    await answer.arrayBuffer();
  } catch (error) {
    if (!answer?.ok) return { outcome: 'later', reason: error.cause?.code ?? error.name };
  }
  if (answer.ok) return { outcome: 'taken', reason: String(answer.status) };
  const outcome = [400, 413, 415, 422].includes(answer.status) ? 'refused' : 'later';
  return { outcome, reason: String(answer.status), retryAfterMs: retryAfterMs(answer.headers.get('retry-after')) };
}

function retryAfterMs(header) {
  const seconds = /^\d{1,6}$/.exec(header ?? '')?.[0];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

module.exports = { secretBytes, sign, idOf, send };

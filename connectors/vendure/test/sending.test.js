'use strict';

const assert = require('node:assert/strict');
const http = require('node:http');
const test = require('node:test');
const { checked } = require('../src/options');
const { Pause } = require('../src/pause');
const { idOf, secretBytes, send, sign } = require('../src/webhooks');

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** A server that answers with `status` and keeps what it was sent. */
async function answering(status, headers, use) {
  const seen = [];
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    seen.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
    response.writeHead(status, headers).end();
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${server.address().port}/hooks/vendure/con_1`;
    return [await use({ url, secret, timeoutMs: 5_000 }), seen];
  } finally {
    server.close();
  }
}

// The example in the specification of Standard Webhooks.
test('a signature is the one of the specification', () => {
  const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const body = '{"test": 2432232314}';
  assert.equal(sign(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, body), 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('what is sent is signed with what is sent', async () => {
  const event = { type: 'order.updated', timestamp: '2026-11-20T10:00:00.000Z', data: { note: 'ä 🎁' } };
  const [result, [{ headers, body }]] = await answering(200, {}, to => send(to, 'msg_1', event));
  assert.equal(result.outcome, 'taken');
  assert.deepEqual(JSON.parse(body), event);
  const at = Number(headers['webhook-timestamp']);
  assert.ok(Math.abs(Date.now() / 1000 - at) < 60);
  assert.equal(headers['webhook-signature'], sign(secret, headers['webhook-id'], at, body));
});

test('what may go better next time is tried again, and nothing else', async () => {
  const cases = { 200: 'taken', 204: 'taken', 302: 'later', 400: 'refused', 401: 'later', 404: 'later', 413: 'refused', 422: 'refused', 429: 'later', 500: 'later', 503: 'later' };
  for (const [status, outcome] of Object.entries(cases)) {
    const [result, seen] = await answering(Number(status), { location: '/elsewhere' }, to => send(to, 'msg_1', {}));
    assert.deepEqual([result.outcome, seen.length], [outcome, 1], status);
  }
  const [busy] = await answering(503, { 'retry-after': '7' }, to => send(to, 'msg_1', {}));
  assert.equal(busy.retryAfterMs, 7_000);
  const nobody = await send({ url: 'http://127.0.0.1:1/', secret, timeoutMs: 1_000 }, 'msg_1', {});
  assert.equal(nobody.outcome, 'later');
});

test('the same state of an order has the same id', () => {
  assert.equal(idOf({ a: 1 }), idOf({ a: 1 }));
  assert.notEqual(idOf({ a: 1 }), idOf({ a: 2 }));
  assert.match(idOf({}), /^msg_[0-9a-f]{40}$/);
});

test('pauses double up to a limit and end with a success', async () => {
  let now = 0;
  const pause = new Pause({ firstMs: 100, maxMs: 1_000 }, () => now);
  const until = [0, 1, 2, 3, 4, 5].map(() => (pause.failed(), pause.until));
  assert.deepEqual(until, [100, 200, 400, 800, 1_000, 1_000]);
  pause.failed(700_000);
  assert.equal(pause.until, 1_000, 'what the server asks for is limited too');
  pause.succeeded();
  assert.equal(await pause.over(), true);
  pause.failed();
  const waiting = [pause.over(), pause.over()];
  pause.stop();
  assert.deepEqual(await Promise.all(waiting), [false, false], 'a shop that stops does not wait');
});

test('a mistake in the configuration stops the start', () => {
  const right = { url: 'https://aftercare.example/hooks/vendure/con_1', secret };
  assert.equal(checked(right).retry.maxMs, 900_000);
  const wrong = [
    undefined,
    {},
    { ...right, url: 'aftercare.example' },
    { ...right, secret: 'hush' },
    { ...right, secret: `whsec_${Buffer.alloc(23).toString('base64')}` },
    { ...right, apiKey: 'short' },
    { ...right, retry: { firstMs: 0 } },
    { ...right, include: true },
  ];
  for (const options of wrong) assert.throws(() => checked(options), /AftercarePlugin: /);
  assert.equal(secretBytes(secret).length, 32);
});

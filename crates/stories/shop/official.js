// The official library of Standard Webhooks signs and judges what it reads: one JSON object per line, in and out.
'use strict';

const fs = require('node:fs');
const { Webhook } = require('standardwebhooks');

function verdict({ secret, arriving_id: id, timestamp, signatures, arriving_body: body }) {
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures };
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

const [, , input, output] = process.argv;
const lines = fs.readFileSync(input, 'utf8').trimEnd().split('\n');
const answers = lines.map(line => {
  const message = JSON.parse(line);
  const { secret, id, signed_at: signedAt, body } = message;
  const signature = new Webhook(secret).sign(id, new Date(signedAt * 1000), body);
  return JSON.stringify({ signature, verified: verdict(message) });
});
fs.writeFileSync(output, answers.join('\n'));

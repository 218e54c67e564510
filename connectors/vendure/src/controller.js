'use strict';

const { createHash, timingSafeEqual } = require('node:crypto');
const { Allow, Permission } = require('@vendure/core');
const { nest, injected } = require('./core');
const { written, read } = require('./feed');
const { Told } = require('./told');

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** `GET /aftercare/orders`: changed orders page by page, for whatever a webhook did not tell. */
class AftercareController {
  constructor(told) {
    this.told = told;
  }

  async orders(request) {
    this.admit(request.headers.authorization);
    const { since, after, limit } = asked(request.query);
    const page = await this.told.page({ since, after, limit });
    return {
      read_at: page.readAt,
      data: page.orders,
      has_more: page.hasMore,
      next: page.next ? written(page.next) : null,
    };
  }

  admit(authorization) {
    const { apiKey } = this.told.options;
    if (!apiKey) throw new nest.NotFoundException();
    const given = /^Bearer (.{1,500})$/.exec(authorization ?? '')?.[1] ?? '';
    const digest = text => createHash('sha256').update(text).digest();
    if (!timingSafeEqual(digest(given), digest(apiKey))) throw new nest.UnauthorizedException();
  }
}

function asked(query) {
  const refuse = words => new nest.BadRequestException(words);
  const one = name => {
    if (query[name] !== undefined && typeof query[name] !== 'string') throw refuse(`${name} may be given once`);
    return query[name];
  };
  const limit = one('limit') === undefined ? DEFAULT_LIMIT : Number(one('limit'));
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw refuse(`limit is from 1 to ${MAX_LIMIT}`);
  const since = one('since') === undefined ? undefined : new Date(one('since'));
  if (since && Number.isNaN(+since)) throw refuse('since is an instant like 2026-11-20T10:00:00Z');
  const after = one('after') === undefined ? undefined : read(one('after'));
  if (one('after') !== undefined && !after) throw refuse('after is the next of the page before');
  // Some databases keep whole seconds and compare them as words, so the second itself is read again.
  return { since: since && new Date(+since - 1_000), after, limit };
}

// What decorators write, by hand: there is no build step.
const method = Object.getOwnPropertyDescriptor(AftercareController.prototype, 'orders');
nest.Controller('aftercare')(AftercareController);
nest.Get('orders')(AftercareController.prototype, 'orders', method);
nest.Header('Cache-Control', 'no-store')(AftercareController.prototype, 'orders', method);
nest.Req()(AftercareController.prototype, 'orders', 0);
Allow(Permission.Public)(AftercareController.prototype, 'orders', method);
injected(AftercareController, [Told]);

module.exports = { AftercareController };

'use strict';

const { Order } = require('@vendure/core');
const { compareIds } = require('./order');

/** How long a change of the customer is worth telling with their orders. */
const RECENT_MS = 60 * 24 * 3_600_000;

/** Where an order's changes are written down; each is one stream of (when, which order). */
const STREAMS = [
  { join: qb => qb, of: 'o' },
  { join: qb => qb.innerJoin('o.payments', 'x'), of: 'x' },
  { join: qb => qb.innerJoin('o.payments', 'p').innerJoin('p.refunds', 'x'), of: 'x' },
  { join: qb => qb.innerJoin('o.fulfillments', 'x'), of: 'x' },
  { join: qb => qb.innerJoin('o.customer', 'x'), of: 'x', isRecentOnly: true },
];

/**
 * A page of what has changed, oldest first: placed orders by the time of a change and then by id. An order comes once
 * for each row of it that changed, so whoever reads to the end has seen the newest state of all.
 *
 * `after` is `[when, id]` as the page before ended, with `when` in the database's own words: a JavaScript date is
 * coarser than what some databases keep, and would be passed again and again.
 */
async function changes(connection, ctx, { since, after, limit }) {
  const isMysql = ['mysql', 'mariadb'].includes(connection.rawConnection.options.type);
  const word = column => `CAST(${column} AS ${isMysql ? 'CHAR' : 'TEXT'})`;
  const rows = [];
  for (const stream of STREAMS) {
    const at = `${stream.of}.updatedAt`;
    const repository = connection.getRepository(ctx, Order);
    const qb = stream
      .join(repository.createQueryBuilder('o').select('o.id', 'id').addSelect(word(at), 'at'))
      .where('o.orderPlacedAt IS NOT NULL')
      .orderBy(at, 'ASC')
      .addOrderBy('o.id', 'ASC')
      .limit(limit + 1);
    if (stream.isRecentOnly) qb.andWhere('o.orderPlacedAt > :recent', { recent: new Date(Date.now() - RECENT_MS) });
    if (after) {
      qb.andWhere(`(${at} > :at OR (${at} = :at AND o.id > :id))`, { at: after[0], id: after[1] });
    } else if (since) {
      qb.andWhere(`${at} >= :since`, { since });
    }
    rows.push(...(await qb.getRawMany()));
  }
  rows.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : compareIds(a.id, b.id)));
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    ids: [...new Set(page.map(row => row.id))],
    next: last ? [last.at, last.id] : after,
    hasMore: rows.length > limit,
  };
}

/** When an order of this shop last changed at all; undefined in a new shop. */
async function lastChange(connection, ctx) {
  const newest = await connection
    .getRepository(ctx, Order)
    .createQueryBuilder('o')
    .where('o.orderPlacedAt IS NOT NULL')
    .orderBy('o.updatedAt', 'DESC')
    .limit(1)
    .getOne();
  return newest?.updatedAt;
}

/** A position as one word, and back; undefined for what is none. */
const written = position => Buffer.from(JSON.stringify(position)).toString('base64url');

function read(word) {
  try {
    const position = JSON.parse(Buffer.from(word, 'base64url').toString());
    const [when, id, ...more] = position;
    const isOne = typeof when === 'string' && ['string', 'number'].includes(typeof id) && more.length === 0;
    return isOne && /^\d{4}-\d\d-\d\d[ T][\d:.]{8,}[Z\d:+-]*$/.test(when) ? position : undefined;
  } catch {
    return undefined;
  }
}

module.exports = { RECENT_MS, changes, lastChange, written, read };

'use strict';

const { ConfigService, HistoryService, Order, RequestContextService, TransactionalConnection } = require('@vendure/core');
const { nest, injected } = require('./core');
const { changes, lastChange } = require('./feed');
const { NAMES, namesOf, payload, RELATIONS } = require('./order');

/** How the plugin was configured; set by `AftercarePlugin.init`. */
const settings = { options: undefined };

/**
 * The history entry that keeps in which language an order was placed and what its goods were called then. Vendure
 * itself keeps neither: without it, a product that is renamed would be news to everybody who ever bought it.
 */
const AS_PLACED = 'AFTERCARE_AS_PLACED';
const READ = ['ORDER_STATE_TRANSITION', 'ORDER_CANCELLATION', AS_PLACED];

/** Orders as they are told, always read from the database at that moment. */
class Told {
  constructor(connection, requestContexts, config, historyService) {
    Object.assign(this, { connection, requestContexts, config, historyService });
  }

  get options() {
    return settings.options;
  }

  /** The order's JSON; undefined while it is a cart, and for what is not to be told. */
  async order(ctx, id) {
    const order = await this.load(ctx, id);
    const include = this.options.include ?? (each => each.type !== 'Seller');
    if (!order?.orderPlacedAt || !include(order)) return undefined;
    const { history, placed } = await this.history(ctx, id);
    const about = {
      history,
      locale: this.options.locale?.(order) ?? placed.locale,
      names: placed.names,
      defaultLocale: ctx.channel.defaultLanguageCode,
      precision: this.config.entityOptions.moneyStrategy.precision ?? 2,
      taxIncluded: this.options.taxIncluded,
      productUrl: this.options.productUrl,
      imageUrl: this.options.imageUrl,
    };
    const told = payload(order, about);
    return this.options.customize?.(told, order, ctx) ?? told;
  }

  load(ctx, id, relations = RELATIONS) {
    const repository = this.connection.getRepository(ctx, Order);
    return repository.findOne({ where: { id }, relations, relationLoadStrategy: 'query' });
  }

  /** When the order came into which state, why it was cancelled, and how it was placed. */
  async history(ctx, id) {
    const { items } = await this.historyService.getHistoryForOrder(ctx, id, false, {
      filter: { type: { in: READ } },
      sort: { createdAt: 'ASC' },
    });
    const of = type => items.filter(entry => entry.type === type);
    const reason = of('ORDER_CANCELLATION').at(-1)?.data.reason;
    const history = of('ORDER_STATE_TRANSITION').map(entry => ({ to: entry.data.to, at: entry.createdAt, reason }));
    const placed = of(AS_PLACED).reduce(
      (all, { data }) => ({ locale: data.locale ?? all.locale, names: { ...all.names, ...data.names } }),
      { locale: undefined, names: {} },
    );
    return { history, placed };
  }

  /** Keeps the language of the request, when it is the customer's own, and the names that are not kept yet. */
  async keepAsPlaced(ctx, id) {
    const { placed } = await this.history(ctx, id);
    const locale = ctx.apiType === 'shop' ? ctx.languageCode : placed.locale;
    const order = await this.load(ctx, id, NAMES);
    const isSame = locale === placed.locale;
    const names = namesOf(order, { locale, defaultLocale: ctx.channel.defaultLanguageCode });
    const isKept = isSame && order.lines.every(line => placed.names[line.id]);
    if (isKept) return;
    await this.historyService.createHistoryEntryForOrder(
      { ctx, orderId: id, type: AS_PLACED, data: { locale, names } },
      false,
    );
  }

  /** A page of changed orders, and when it was read. */
  async page(position) {
    const ctx = await this.context();
    const readAt = new Date().toISOString();
    const { ids, next, hasMore } = await changes(this.connection, ctx, position);
    const orders = [];
    for (const id of ids) {
      const told = await this.order(ctx, id);
      if (told) orders.push(told);
    }
    return { readAt, orders, next, hasMore };
  }

  /** The ids of what changed within `ms` before the last change of all, a page at a time. */
  async *recent(ms) {
    const ctx = await this.context();
    const last = await lastChange(this.connection, ctx);
    let page = { next: undefined, hasMore: Boolean(last) };
    while (page.hasMore) {
      page = await changes(this.connection, ctx, { since: new Date(+last - ms), after: page.next, limit: 100 });
      yield* page.ids;
    }
  }

  context() {
    return this.requestContexts.create({ apiType: 'admin' });
  }
}

nest.Injectable()(Told);
injected(Told, [TransactionalConnection, RequestContextService, ConfigService, HistoryService]);

module.exports = { Told, settings, AS_PLACED };

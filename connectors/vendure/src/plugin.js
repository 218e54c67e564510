'use strict';

const {
  ConfigService,
  CustomerEvent,
  EventBus,
  FulfillmentEvent,
  FulfillmentStateTransitionEvent,
  HistoryEntryEvent,
  Fulfillment,
  JobQueueService,
  Logger,
  Order,
  OrderEvent,
  OrderLineEvent,
  OrderPlacedEvent,
  OrderStateTransitionEvent,
  PaymentStateTransitionEvent,
  PluginCommonModule,
  PollingJobQueueStrategy,
  ProcessContext,
  RefundEvent,
  RefundStateTransitionEvent,
  TransactionalConnection,
  VendurePlugin,
} = require('@vendure/core');
const { AftercareController } = require('./controller');
const { graphql, injected } = require('./core');
const { RECENT_MS } = require('./feed');
const { checked } = require('./options');
const { Pause } = require('./pause');
const { AS_PLACED, Told, settings } = require('./told');
const { idOf, send } = require('./webhooks');

const QUEUE = 'aftercare';
const LOG = 'AftercarePlugin';
const HOUR_MS = 3_600_000;
/** How far back a start looks for what was lost with the process before: little, where the queue is in the database. */
const LOOK_BACK_MS = { transactional: HOUR_MS, other: 24 * HOUR_MS };
/** How long several changes of one order are collected, where the queue is not part of the database's transaction. */
const COLLECT_MS = 200;
/** Of how many orders it is remembered what was told last. */
const REMEMBERED = 10_000;
/** Of how many of a customer's orders that are under way another name or address is told. */
const ORDERS_OF_A_CUSTOMER = 5;
/** The states in which an order is under way no more. */
const AT_THE_END = ['Delivered', 'Cancelled'];

/** Listens to everything that happens to an order and tells it to Aftercare. */
class AftercarePlugin {
  static init(options) {
    settings.options = checked(options);
    return AftercarePlugin;
  }

  constructor(eventBus, jobs, connection, config, processContext, told) {
    Object.assign(this, { eventBus, jobs, connection, processContext, told, collected: new Map(), last: new Map() });
    this.strategy = config.jobQueueOptions.jobQueueStrategy;
    this.options = settings.options;
    if (!this.options) throw new Error('AftercarePlugin: use AftercarePlugin.init({ url, secret })');
    this.pause = new Pause(this.options.retry);
  }

  async onModuleInit() {
    this.slowDownRetries();
    this.queue = await this.jobs.createQueue({ name: QUEUE, process: job => this.process(job.data) });
  }

  async onApplicationBootstrap() {
    // A queue in the shop's own database takes the job in the transaction that changes the order: both or neither.
    this.isTransactional = isA(this.strategy, 'SqlJobQueueStrategy');
    this.listen();
    if (this.isTransactional) await this.takeUpWhatWasInHand();
    if (!this.processContext.isServer) return;
    if (!this.isTransactional) Logger.warn(WARNING, LOG);
    // A shop starts, whatever its queue says: the next start looks back, too.
    const asked = this.queue.add({ lookBack: true }, { retries: this.options.retry.attempts });
    await asked.catch(error => Logger.error(`did not look back: ${error.message}`, LOG, error.stack));
  }

  /**
   * A job that was in hand when its process was killed is `RUNNING` for ever to Vendure. Whether another process is
   * still at it can't be known; if so it is done twice, which has the effect of once.
   */
  async takeUpWhatWasInHand() {
    try {
      const jobs = this.connection.rawConnection.getRepository('JobRecord');
      await jobs.update({ queueName: QUEUE, state: 'RUNNING' }, { state: 'PENDING' });
    } catch (error) {
      Logger.warn(`jobs in hand were not taken up: ${error.message}`, LOG);
    }
  }

  onModuleDestroy() {
    this.pause.stop();
    for (const { timer, flush } of this.collected.values()) {
      clearTimeout(timer);
      flush();
    }
  }

  /** Tells one order again. */
  async tell(orderId) {
    await this.queue.add({ orderId }, { retries: this.options.retry.attempts });
  }

  // --- what happens in the shop ------------------------------------------------------------------------------------

  listen() {
    this.eventBus.registerBlockingEventHandler({
      event: [OrderStateTransitionEvent, OrderPlacedEvent],
      id: `${QUEUE}-as-placed`,
      handler: event => this.quietly(event, () => this.keepAsPlaced(event)),
    });
    const ofOrder = event => (event.order.orderPlacedAt || event instanceof OrderPlacedEvent ? [event.order.id] : []);
    this.on([OrderStateTransitionEvent, OrderPlacedEvent, PaymentStateTransitionEvent], ofOrder);
    this.on([RefundEvent, RefundStateTransitionEvent, OrderLineEvent], ofOrder);
    this.on([OrderEvent], event => (event.entity.orderPlacedAt && event.type !== 'deleted' ? [event.entity.id] : []));
    this.on([FulfillmentStateTransitionEvent], event => this.ordersOfParcel(event.ctx, event.fulfillment));
    this.on([FulfillmentEvent], event => this.ordersOfParcel(event.ctx, event.entity));
    this.on([HistoryEntryEvent], event => {
      const isModification = event.historyType === 'order' && event.entity.type === 'ORDER_MODIFIED';
      return isModification && event.entity.order ? [event.entity.order.id] : [];
    });
    this.on([CustomerEvent], event => (event.type === 'updated' ? this.ordersOfCustomer(event.ctx, event.entity.id) : []));
  }

  on(events, idsOf) {
    const heard = event =>
      this.quietly(event, async () => {
        for (const orderId of await idsOf(event)) await this.note(event.ctx, orderId);
      });
    if (this.isTransactional) {
      this.eventBus.registerBlockingEventHandler({ event: events, id: `${QUEUE}-${events[0].name}`, handler: heard });
    } else {
      for (const type of events) this.eventBus.ofType(type).subscribe(heard);
    }
  }

  /** Whatever goes wrong in here must not stop a customer from ordering; a look at what changed finds it later. */
  async quietly(event, act) {
    try {
      await act();
    } catch (error) {
      Logger.error(`${event.constructor.name} was not noted: ${error.message}`, LOG, error.stack);
    }
  }

  /** On their way to the till customers speak their own language; the payment may come from a provider's server. */
  async keepAsPlaced(event) {
    const isPlaced = event instanceof OrderPlacedEvent;
    const isOnTheWay = event.toState === 'ArrangingPayment' && event.ctx.apiType === 'shop';
    if (isPlaced || isOnTheWay) await this.told.keepAsPlaced(event.ctx, event.order.id);
  }

  /** Queues an order. Only its id: what is told is read when it is sent. */
  async note(ctx, orderId) {
    const retries = this.options.retry.attempts;
    if (this.isTransactional) {
      await this.queue.add({ orderId }, { retries, ctx });
      return;
    }
    if (this.collected.has(orderId)) return;
    const flush = () => {
      this.collected.delete(orderId);
      this.queue.add({ orderId }, { retries }).catch(error => Logger.error(`not queued: ${error.message}`, LOG));
    };
    this.collected.set(orderId, { flush, timer: setTimeout(flush, COLLECT_MS) });
  }

  async ordersOfParcel(ctx, parcel) {
    const found = await this.connection
      .getRepository(ctx, Fulfillment)
      .findOne({ where: { id: parcel.id }, relations: ['orders'] });
    return (found?.orders ?? []).map(order => order.id);
  }

  async ordersOfCustomer(ctx, id) {
    const orders = await this.connection
      .getRepository(ctx, Order)
      .createQueryBuilder('o')
      .where('o.customerId = :id AND o.orderPlacedAt > :recent', { id, recent: new Date(Date.now() - RECENT_MS) })
      .andWhere('o.state NOT IN (:...ends)', { ends: AT_THE_END })
      .orderBy('o.orderPlacedAt', 'DESC')
      .limit(ORDERS_OF_A_CUSTOMER)
      .getMany();
    return orders.map(order => order.id);
  }

  // --- what is told ------------------------------------------------------------------------------------------------

  async process({ orderId, lookBack }) {
    if (lookBack) return this.lookBack();
    // While the server does not answer, all orders wait in one place; what is told is read after that.
    if (!(await this.pause.over())) throw new Error('the shop is stopping');
    const readAt = new Date().toISOString();
    const data = await this.told.order(await this.told.context(), orderId);
    if (!data) return 'not told';
    const id = idOf(data);
    const before = this.last.get(orderId);
    if (before?.id === id) return 'told before';
    data.updated_at = later(data.updated_at, before?.updatedAt);
    const { outcome, reason, retryAfterMs } = await send(this.options, id, {
      type: 'order.updated',
      timestamp: readAt,
      data,
    });
    if (outcome === 'later') {
      this.pause.failed(retryAfterMs);
      Logger.warn(`order ${orderId} was not taken (${reason}); it is tried again`, LOG);
      throw new Error(`not taken: ${reason}`);
    }
    this.pause.succeeded();
    this.remember(orderId, { id, updatedAt: data.updated_at });
    if (outcome === 'refused') Logger.error(`order ${orderId} was refused (${reason}); it is not sent again`, LOG);
    return outcome;
  }

  /** What a process took with it when it was killed: everything that changed shortly before the last change. */
  async lookBack() {
    let count = 0;
    const ms = this.isTransactional ? LOOK_BACK_MS.transactional : LOOK_BACK_MS.other;
    for await (const orderId of this.told.recent(ms)) {
      await this.tell(orderId);
      count += 1;
    }
    return `${count} orders queued`;
  }

  remember(orderId, told) {
    this.last.delete(orderId);
    this.last.set(orderId, told);
    if (this.last.size > REMEMBERED) this.last.delete(this.last.keys().next().value);
  }

  /** Vendure's queues try again after a second or so by default; ours takes its time, and leaves all others alone. */
  slowDownRetries() {
    if (!(this.strategy instanceof PollingJobQueueStrategy)) return;
    const others = this.strategy.backOffStrategy ?? (() => 1_000);
    this.strategy.backOffStrategy = (queueName, attempts, job) =>
      queueName === QUEUE ? this.pause.after(attempts - 1) : others(queueName, attempts, job);
  }
}

/**
 * Databases write the time at which a change *began*. Of two changes at once, the one that began first may end last;
 * it is the newer state, and has to carry the later time.
 */
function later(updatedAt, before) {
  return before && updatedAt <= before ? new Date(Date.parse(before) + 1).toISOString() : updatedAt;
}

/** By its name, for Vendure does not export the class; whatever is built upon it counts. */
function isA(object, name) {
  for (let type = object?.constructor; type?.name; type = Object.getPrototypeOf(type)) {
    if (type.name === name) return true;
  }
  return false;
}

const WARNING =
  'the job queue lives in memory: what is queued is lost when the shop stops, until the next start looks back. ' +
  'Use DefaultJobQueuePlugin to keep it in the database.';

VendurePlugin({
  imports: [PluginCommonModule],
  providers: [Told],
  controllers: [AftercareController],
  adminApiExtensions: { schema: () => graphql.parse(`extend enum HistoryEntryType { ${AS_PLACED} }`) },
  compatibility: '^3.7.0',
})(AftercarePlugin);
injected(AftercarePlugin, [
  EventBus,
  JobQueueService,
  TransactionalConnection,
  ConfigService,
  ProcessContext,
  Told,
]);

module.exports = { AftercarePlugin };

import type { ID, Order, OrderLine, RequestContext, Type } from '@vendure/core';

/** How the plugin reaches your Aftercare server, and what it tells it. */
export interface AftercareOptions {
  /** The `webhook_url` that `aftercare connect vendure` printed. */
  url: string;
  /** The `secret` it printed: `whsec_…`. Keep it out of your repository. */
  secret: string;
  /** The key with which Aftercare may read `GET /aftercare/orders`; without it that address answers 404. */
  apiKey?: string;
  /** Whether prices are shown to your customers with their tax inside. Default: true. */
  taxIncluded?: boolean;
  /** Which placed orders are told, for example those of one channel. Default: all but the parts of split orders. */
  include?: (order: Order) => boolean;
  /** The language an order was placed in (BCP 47). Default: the one of the request in which it was placed. */
  locale?: (order: Order) => string | undefined;
  /** The product's page in your storefront (`https`). */
  productUrl?: (line: OrderLine) => string | undefined;
  /** The picture of a line (`https`). */
  imageUrl?: (line: OrderLine) => string | undefined;
  /** The last word on what is told: change the order's JSON in place, or return another. */
  customize?: (told: Record<string, unknown>, order: Order, ctx: RequestContext) => Record<string, unknown> | void;
  /** How long and how often a webhook that is not taken is tried again. */
  retry?: {
    /** Milliseconds before the second try; doubled with each further one. Default: 2,000. */
    firstMs?: number;
    /** The longest pause between two tries, in milliseconds. Default: 900,000. */
    maxMs?: number;
    /** How often one order is tried. Default: 300, which is about three days. */
    attempts?: number;
  };
  /** Milliseconds after which a request is given up. Default: 20,000. */
  timeoutMs?: number;
}

/** Listens to everything that happens to an order and tells it to Aftercare. */
export declare class AftercarePlugin {
  static init(options: AftercareOptions): Type<AftercarePlugin>;
  /** Tells one order again, for example from a migration script. */
  tell(orderId: ID): Promise<void>;
}

/** The order's JSON, as it is told. Pure. */
export declare function payload(order: Order, about: object): Record<string, unknown>;

/** One Standard Webhooks signature, `v1,…`. Pure. */
export declare function sign(secret: string, id: string, timestamp: number, body: string): string;

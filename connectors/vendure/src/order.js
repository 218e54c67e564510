'use strict';

/** The order relations that `namesOf` reads. */
const NAMES = [
  'lines',
  'lines.productVariant',
  'lines.productVariant.translations',
  'lines.productVariant.product',
  'lines.productVariant.product.translations',
  'lines.productVariant.options',
  'lines.productVariant.options.translations',
];

/** The order relations that `payload` reads. */
const RELATIONS = [
  ...NAMES,
  'customer',
  'lines.featuredAsset',
  'shippingLines',
  'surcharges',
  'payments',
  'payments.refunds',
  'fulfillments',
  'fulfillments.lines',
];

/**
 * An order as Aftercare takes it: the shape of its `POST /v1/orders`, with what happened to goods and money. Pure.
 *
 * `about` tells what the order does not know itself: `history` (its state transitions, `{ to, at, reason }`), `locale`,
 * `names` (what its lines were called when it was placed), `precision` (decimal places of the shop's amounts), `taxIncluded`, and how links are made.
 */
function payload(order, about) {
  const minor = amount => toMinor(amount, order.currencyCode, about.precision ?? 2);
  const isCancelled = order.state === 'Cancelled';
  const lines = linesOf(order, isCancelled);
  const totals = totalsOf(order, lines, isCancelled, about.taxIncluded ?? true, minor);
  const refunds = refundsOf(order, minor);
  const cancellation = about.history?.filter(entry => entry.to === 'Cancelled').at(-1);
  const fulfilment = fulfilmentOf(order, lines);
  return clean({
    external_id: String(order.id),
    number: order.code,
    status: isCancelled ? 'cancelled' : 'placed',
    payment: paymentOf(order, refunds, minor),
    placed_at: iso(order.orderPlacedAt),
    updated_at: iso(versionOf(order)),
    currency: order.currencyCode,
    locale: about.locale,
    customer: customerOf(order),
    lines: lines.map(line => lineOf(line, about, minor)),
    totals,
    shipping_address: addressOf(order.shippingAddress),
    fulfilment,
    delivered_at: fulfilment === 'delivered' ? iso(deliveredAt(order, about.history)) : undefined,
    cancelled_at: isCancelled ? iso(cancellation?.at) : undefined,
    cancel_reason: isCancelled ? cancellation?.reason : undefined,
    refunds,
    shipments: shipmentsOf(order),
  });
}

/** The last change of anything an order is told with. A refund, for one, does not touch the order's own row. */
function versionOf(order) {
  const payments = order.payments ?? [];
  const parts = [
    order,
    order.customer,
    ...(order.lines ?? []),
    ...(order.surcharges ?? []),
    ...payments,
    ...payments.flatMap(payment => payment.refunds ?? []),
    ...(order.fulfillments ?? []),
  ];
  return new Date(Math.max(...parts.filter(part => part?.updatedAt).map(part => +part.updatedAt)));
}

/** What still stands; of a cancelled order what was ordered, for its page still has to say that. */
function linesOf(order, isCancelled) {
  const lines = [...order.lines].sort((a, b) => a.createdAt - b.createdAt || compareIds(a.id, b.id));
  const standing = lines.filter(line => line.quantity > 0).map(line => ({ line, quantity: line.quantity }));
  const ordered = lines
    .filter(line => line.orderPlacedQuantity > 0)
    .map(line => ({ line, quantity: line.orderPlacedQuantity }));
  const goods = isCancelled && standing.length === 0 ? ordered : standing;
  const surcharges = (order.surcharges ?? []).filter(surcharge => surcharge.price > 0);
  return [...goods, ...surcharges.map(surcharge => ({ surcharge, quantity: 1 }))];
}

function lineOf({ line, surcharge, quantity }, about, minor) {
  if (surcharge) {
    return clean({
      external_id: `surcharge-${surcharge.id}`,
      sku: surcharge.sku || undefined,
      title: surcharge.description || 'Surcharge',
      quantity,
      unit_price: minor(about.taxIncluded ?? true ? surcharge.priceWithTax : surcharge.price),
    });
  }
  const [title, variant] = about.names?.[line.id] ?? nameOf(line, about);
  return clean({
    external_id: String(line.id),
    sku: line.productVariant.sku || undefined,
    title,
    variant: variant ?? undefined,
    quantity,
    unit_price: minor(priceOf(line, about.taxIncluded ?? true)),
    url: about.productUrl?.(line),
    image_url: about.imageUrl?.(line),
  });
}

/** What each line is called in the customer's language: `{ id: [title, variant] }`. */
function namesOf(order, about) {
  return Object.fromEntries(order.lines.map(line => [line.id, nameOf(line, about)]));
}

function nameOf({ productVariant: variant }, about) {
  const text = entity => translated(entity, about.locale, about.defaultLocale)?.name;
  const options = (variant.options ?? []).map(text).filter(Boolean).join(', ');
  return [text(variant.product) || text(variant) || variant.sku, options || null];
}

function priceOf(line, taxIncluded) {
  return taxIncluded ? line.unitPriceWithTax : line.unitPrice;
}

/**
 * The discount is what is left between the parts and the sum: promotions reach lines, the order and its delivery in
 * several ways, and this one figure makes all of them add up.
 */
function totalsOf(order, lines, isCancelled, taxIncluded, minor) {
  const price = ({ line, surcharge }) =>
    surcharge ? (taxIncluded ? surcharge.priceWithTax : surcharge.price) : priceOf(line, taxIncluded);
  const subtotal = lines.reduce((sum, each) => sum + minor(price(each)) * each.quantity, 0);
  const shipping = minor(taxIncluded ? order.shippingWithTax : order.shipping);
  const tax = minor(order.totalWithTax - order.total);
  // Vendure sets a cancelled order to zero; it is told as it was ordered.
  const wasZeroed = isCancelled && lines.length > 0 && order.subTotalWithTax === 0;
  if (wasZeroed) return { subtotal, discount: 0, shipping, tax: 0, tax_included: taxIncluded, total: subtotal + shipping };
  const total = minor(order.totalWithTax);
  const discount = Math.max(0, subtotal + shipping + (taxIncluded ? 0 : tax) - total);
  return { subtotal, discount, shipping, tax, tax_included: taxIncluded, total };
}

/** Where the money is: what was taken, less what went back, against what the order costs. */
function paymentOf(order, refunds, minor) {
  const sum = state =>
    (order.payments ?? []).filter(payment => payment.state === state).reduce((all, payment) => all + payment.amount, 0);
  const [settled, authorized] = [sum('Settled'), sum('Authorized')];
  const refunded = refunds.reduce((all, refund) => all + refund.amount, 0);
  if (refunded > 0) return refunded >= minor(settled) ? 'refunded' : 'partially_refunded';
  if (settled > 0 && settled >= order.totalWithTax) return 'paid';
  if (settled + authorized > 0 && settled + authorized >= order.totalWithTax) return 'authorized';
  if (settled === 0 && authorized === 0 && sum('Cancelled') > 0) return 'voided';
  // An order that costs nothing has no payment to wait for.
  return order.totalWithTax === 0 && order.state !== 'Cancelled' ? 'paid' : 'pending';
}

/** Money that has gone back; a refund that is pending or failed has not. */
function refundsOf(order, minor) {
  const refunds = (order.payments ?? []).flatMap(payment => payment.refunds ?? []);
  const settled = refunds.filter(refund => refund.state === 'Settled' && refund.total > 0);
  return settled
    .sort((a, b) => a.createdAt - b.createdAt || compareIds(a.id, b.id))
    .map(refund => ({ external_id: String(refund.id), amount: minor(refund.total), at: iso(refund.updatedAt) }));
}

/** How far the goods have got, by the pieces that are in parcels. */
function fulfilmentOf(order, lines) {
  const wanted = lines.reduce((sum, each) => sum + (each.line ? each.quantity : 0), 0);
  const pieces = states =>
    (order.fulfillments ?? [])
      .filter(parcel => states.includes(parcel.state))
      .flatMap(parcel => parcel.lines ?? [])
      .reduce((sum, line) => sum + line.quantity, 0);
  const gone = pieces(['Shipped', 'Delivered']);
  if (gone === 0) return 'unfulfilled';
  if (gone < wanted) return 'partial';
  return pieces(['Delivered']) >= wanted ? 'delivered' : 'fulfilled';
}

/** Each fulfilment as a parcel. Vendure knows whether it has left and whether it is there; `trackingCode` leads to the rest. */
function shipmentsOf(order) {
  const parcels = (order.fulfillments ?? []).filter(parcel => parcel.state !== 'Created' && parcel.state !== 'Pending');
  if (parcels.length === 0) return undefined;
  return parcels
    .sort((a, b) => a.createdAt - b.createdAt || compareIds(a.id, b.id))
    .map(parcel => {
      const isThere = parcel.state === 'Delivered';
      const at = iso(parcel.updatedAt);
      return clean({
        external_id: String(parcel.id),
        updated_at: at,
        shipped_at: isThere ? iso(parcel.createdAt) : at,
        cancelled: parcel.state === 'Cancelled' || undefined,
        carrier: parcel.method || undefined,
        tracking_number: parcel.trackingCode || undefined,
        lines: (parcel.lines ?? [])
          .filter(line => line.quantity > 0)
          .map(line => ({ line: String(line.orderLineId), quantity: line.quantity })),
        scans: scanOf(parcel, at),
      });
    });
}

/** What Vendure itself knows of where a parcel is; `Shipped` says that the carrier has it. */
function scanOf(parcel, at) {
  if (parcel.state === 'Delivered') return [{ key: 'delivered', at, state: 'delivered' }];
  if (parcel.state === 'Shipped') return [{ key: 'shipped', at, state: 'in_transit' }];
  return undefined;
}

function deliveredAt(order, history) {
  const told = history?.filter(entry => entry.to === 'Delivered').at(-1)?.at;
  if (told) return told;
  const parcels = (order.fulfillments ?? []).filter(parcel => parcel.state === 'Delivered');
  return new Date(Math.max(...parcels.map(parcel => +parcel.updatedAt)));
}

function customerOf(order) {
  const { customer } = order;
  const name = [customer?.firstName, customer?.lastName].map(part => part?.trim()).filter(Boolean).join(' ');
  // The phone number on a parcel is the recipient's, who may be somebody else.
  const own = [order.billingAddress, order.shippingAddress].find(
    address => address?.phoneNumber && same(address.fullName, name),
  );
  return clean({
    external_id: customer ? String(customer.id) : undefined,
    email: customer?.emailAddress || undefined,
    phone: customer?.phoneNumber || own?.phoneNumber || undefined,
    name: name || order.shippingAddress?.fullName || undefined,
  });
}

function same(a, b) {
  return Boolean(a) && a.trim().toLowerCase() === b.toLowerCase();
}

/** None when nothing of it is known: an order of goods that are not sent has no address. */
function addressOf(address) {
  if (!address?.countryCode || !(address.streetLine1 || address.city)) return undefined;
  return clean({
    name: address.fullName || undefined,
    line1: address.streetLine1 || '',
    line2: [address.company, address.streetLine2].filter(Boolean).join(', ') || undefined,
    city: address.city || '',
    region: address.province || undefined,
    postcode: address.postalCode || undefined,
    country: address.countryCode,
  });
}

/** The translation into the customer's language, else the shop's, else any. */
function translated(entity, locale, fallback) {
  const all = entity?.translations ?? [];
  const into = wanted => {
    const tag = wanted?.replace('_', '-').toLowerCase();
    const language = each => each.languageCode.replace('_', '-').toLowerCase();
    return tag && (all.find(each => language(each) === tag) ?? all.find(each => language(each) === tag.split('-')[0]));
  };
  return into(locale) ?? into(fallback) ?? all[0];
}

/** From the shop's decimal places to the currency's own: a yen has none, whatever the shop counts in. */
function toMinor(amount, currency, precision) {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  return Math.round(amount * 10 ** (digits - precision));
}

function iso(date) {
  return date ? new Date(date).toISOString() : undefined;
}

function clean(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));
}

function compareIds(a, b) {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

module.exports = { NAMES, RELATIONS, payload, namesOf, versionOf, compareIds };

'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { payload, namesOf } = require('../src/order');

const at = text => new Date(`2026-11-20T${text}Z`);
const text = (languageCode, name) => ({ languageCode, name });
const about = { defaultLocale: 'en', precision: 2, taxIncluded: true };

/** A line of Darjeeling and a teapot, paid, at gross prices, as Vendure hands it over. */
function order(changes = {}) {
  const line = (id, names, options, unitPrice, unitPriceWithTax, quantity) => ({
    id,
    createdAt: at('10:00:00'),
    updatedAt: at('10:00:00'),
    quantity,
    orderPlacedQuantity: quantity,
    unitPrice,
    unitPriceWithTax,
    productVariant: {
      sku: `SKU-${id}`,
      translations: names,
      product: { translations: names },
      options: options.map(name => ({ translations: [text('en', name)] })),
    },
  });
  return {
    id: 17,
    code: 'T7K2',
    type: 'Regular',
    state: 'PaymentSettled',
    orderPlacedAt: at('10:00:01'),
    updatedAt: at('10:00:02'),
    currencyCode: 'EUR',
    customer: { id: 3, firstName: 'Jörg', lastName: 'Öztürk', emailAddress: 'joerg@example.test', phoneNumber: '' },
    lines: [
      line(2, [text('en', 'Glass teapot'), text('de', 'Teekanne aus Glas')], [], 3319, 3950, 1),
      line(1, [text('en', 'Darjeeling')], ['100 g', 'Tin'], 1008, 1200, 2),
    ],
    surcharges: [],
    shippingLines: [],
    subTotal: 5335,
    subTotalWithTax: 6350,
    shipping: 412,
    shippingWithTax: 490,
    total: 5747,
    totalWithTax: 6840,
    shippingAddress: {
      fullName: 'Jörg Öztürk',
      streetLine1: 'Hauptstraße 1',
      company: 'Öztürk GmbH',
      city: 'Köln',
      postalCode: '50667',
      countryCode: 'DE',
      phoneNumber: '+4922155501',
    },
    payments: [{ id: 5, state: 'Settled', amount: 6840, createdAt: at('10:00:01'), updatedAt: at('10:00:01'), refunds: [] }],
    fulfillments: [],
    ...changes,
  };
}

const refund = (id, total, state = 'Settled') => ({ id, total, state, createdAt: at('11:00:00'), updatedAt: at('11:00:00') });
const paid = (amount, state, refunds = []) => [{ id: 5, state, amount, createdAt: at('10:00:01'), updatedAt: at('10:00:01'), refunds }];
const parcel = (state, ...lines) => ({ id: 1, state, updatedAt: at('12:00:00'), lines: lines.map(quantity => ({ quantity })) });

test('an order is told as the API of Aftercare takes it', () => {
  assert.deepEqual(payload(order(), { ...about, locale: 'de' }), {
    external_id: '17',
    number: 'T7K2',
    status: 'placed',
    payment: 'paid',
    placed_at: '2026-11-20T10:00:01.000Z',
    updated_at: '2026-11-20T10:00:02.000Z',
    currency: 'EUR',
    locale: 'de',
    customer: { external_id: '3', email: 'joerg@example.test', phone: '+4922155501', name: 'Jörg Öztürk' },
    lines: [
      { external_id: '1', sku: 'SKU-1', title: 'Darjeeling', variant: '100 g, Tin', quantity: 2, unit_price: 1200 },
      { external_id: '2', sku: 'SKU-2', title: 'Teekanne aus Glas', quantity: 1, unit_price: 3950 },
    ],
    totals: { subtotal: 6350, discount: 0, shipping: 490, tax: 1093, tax_included: true, total: 6840 },
    shipping_address: {
      name: 'Jörg Öztürk',
      line1: 'Hauptstraße 1',
      line2: 'Öztürk GmbH',
      city: 'Köln',
      postcode: '50667',
      country: 'DE',
    },
    fulfilment: 'unfulfilled',
    refunds: [],
  });
});

test('whatever reaches a price, the totals add up', () => {
  const cases = [
    order(),
    order({ subTotalWithTax: 5715, totalWithTax: 6205 }),
    order({ shipping: 0, shippingWithTax: 0, totalWithTax: 6350, total: 5335 }),
    order({
      surcharges: [
        { id: 1, description: 'Gift wrap', sku: '', price: 252, priceWithTax: 300, updatedAt: at('10:00:00') },
        { id: 2, description: 'Goodwill', sku: '', price: -84, priceWithTax: -100, updatedAt: at('10:00:00') },
      ],
      subTotalWithTax: 6550,
      totalWithTax: 7040,
    }),
  ];
  for (const each of cases) {
    const { lines, totals } = payload(each, about);
    const sum = lines.reduce((all, line) => all + line.unit_price * line.quantity, 0);
    assert.equal(totals.subtotal, sum);
    assert.equal(totals.subtotal - totals.discount + totals.shipping, totals.total);
    assert.equal(totals.total, each.totalWithTax);
    assert.ok(totals.discount >= 0);
  }
});

test('where prices are shown without their tax, it is added at the end', () => {
  const { lines, totals } = payload(order(), { ...about, taxIncluded: false });
  assert.deepEqual(lines.map(line => line.unit_price), [1008, 3319]);
  assert.deepEqual(totals, { subtotal: 5335, discount: 0, shipping: 412, tax: 1093, tax_included: false, total: 6840 });
});

test('an amount is in the smallest unit of its currency, whatever the shop counts in', () => {
  const yen = payload(order({ currencyCode: 'JPY' }), about);
  assert.deepEqual([yen.lines[0].unit_price, yen.totals.total], [12, 68]);
  assert.equal(payload(order({ currencyCode: 'KWD' }), { ...about, precision: 3 }).totals.total, 6840);
});

test('where the money is', () => {
  const cases = [
    ['paid', {}],
    ['authorized', { payments: paid(6840, 'Authorized') }],
    ['pending', { payments: [] }],
    ['pending', { payments: paid(6840, 'Declined') }],
    ['pending', { payments: paid(1000, 'Settled') }],
    ['voided', { payments: paid(6840, 'Cancelled'), state: 'Cancelled' }],
    ['paid', { payments: [], totalWithTax: 0 }],
    ['partially_refunded', { payments: paid(6840, 'Settled', [refund(1, 1200)]) }],
    ['refunded', { payments: paid(6840, 'Settled', [refund(1, 1200), refund(2, 5640)]) }],
    ['paid', { payments: paid(6840, 'Settled', [refund(1, 1200, 'Pending'), refund(2, 1200, 'Failed')]) }],
  ];
  for (const [word, changes] of cases) assert.equal(payload(order(changes), about).payment, word, JSON.stringify(changes));
});

test('each refund is told once, with when it was settled', () => {
  const told = payload(order({ payments: paid(6840, 'Settled', [refund(2, 300), refund(1, 1200)]) }), about);
  const at = '2026-11-20T11:00:00.000Z';
  assert.deepEqual(told.refunds, [
    { external_id: '1', amount: 1200, at },
    { external_id: '2', amount: 300, at },
  ]);
  assert.equal(told.updated_at, at, 'a refund makes a newer version though it does not touch the order');
});

test('how far the goods have got', () => {
  const cases = [
    ['unfulfilled', []],
    ['unfulfilled', [parcel('Pending', 2, 1)]],
    ['unfulfilled', [parcel('Cancelled', 2, 1)]],
    ['partial', [parcel('Shipped', 2)]],
    ['partial', [parcel('Delivered', 2)]],
    ['fulfilled', [parcel('Delivered', 2), parcel('Shipped', 1)]],
    ['delivered', [parcel('Delivered', 2), parcel('Delivered', 1)]],
  ];
  for (const [word, fulfillments] of cases) assert.equal(payload(order({ fulfillments }), about).fulfilment, word);
  const told = payload(order({ fulfillments: [parcel('Delivered', 2, 1)] }), about);
  assert.equal(told.delivered_at, '2026-11-20T12:00:00.000Z');
  const history = [{ to: 'Delivered', at: at('11:59:00') }];
  const known = payload(order({ fulfillments: [parcel('Delivered', 2, 1)] }), { ...about, history });
  assert.equal(known.delivered_at, '2026-11-20T11:59:00.000Z');
});

test('what left is told parcel by parcel', () => {
  const lines = [{ orderLineId: 3, quantity: 2 }];
  const left = { id: 9, state: 'Shipped', method: 'Royal Mail', trackingCode: 'AB123456785GB', createdAt: at('12:00:00'), updatedAt: at('13:00:00'), lines };
  const there = { ...left, id: 10, state: 'Delivered', trackingCode: '', createdAt: at('12:30:00'), updatedAt: at('15:00:00') };
  const told = payload(order({ fulfillments: [there, left, { ...left, id: 11, state: 'Pending' }] }), about).shipments;
  assert.deepEqual(told, [
    {
      external_id: '9',
      updated_at: '2026-11-20T13:00:00.000Z',
      shipped_at: '2026-11-20T13:00:00.000Z',
      carrier: 'Royal Mail',
      tracking_number: 'AB123456785GB',
      lines: [{ line: '3', quantity: 2 }],
      scans: [{ key: 'shipped', at: '2026-11-20T13:00:00.000Z', state: 'in_transit' }],
    },
    {
      external_id: '10',
      updated_at: '2026-11-20T15:00:00.000Z',
      shipped_at: '2026-11-20T12:30:00.000Z',
      carrier: 'Royal Mail',
      lines: [{ line: '3', quantity: 2 }],
      scans: [{ key: 'delivered', at: '2026-11-20T15:00:00.000Z', state: 'delivered' }],
    },
  ]);
});

test('a cancelled order still says what was ordered', () => {
  const lines = order().lines.map(line => ({ ...line, quantity: 0 }));
  const zeroed = { subTotal: 0, subTotalWithTax: 0, shipping: 0, shippingWithTax: 0, total: 0, totalWithTax: 0 };
  const history = [{ to: 'Cancelled', at: at('11:30:00'), reason: 'Sold out' }];
  const told = payload(order({ state: 'Cancelled', lines, ...zeroed }), { ...about, history });
  assert.deepEqual([told.status, told.lines.length, told.lines[0].quantity], ['cancelled', 2, 2]);
  assert.deepEqual([told.cancelled_at, told.cancel_reason], ['2026-11-20T11:30:00.000Z', 'Sold out']);
  assert.deepEqual([told.totals.subtotal, told.totals.total], [6350, 6350]);
});

test('a line that was taken out is gone, and one that was added has no name kept', () => {
  const [teapot, tea] = order().lines;
  const names = { 1: ['Darjeeling, as it was called', null] };
  const changed = payload(order({ lines: [{ ...teapot, quantity: 0 }, tea] }), { ...about, names });
  assert.deepEqual(changed.lines.map(line => [line.title, line.variant]), [['Darjeeling, as it was called', undefined]]);
  assert.equal(payload(order(), { ...about, names }).lines[1].title, 'Glass teapot');
  assert.deepEqual(namesOf(order(), { ...about, locale: 'de_AT' })[2], ['Teekanne aus Glas', null]);
});

test('the phone number of somebody else is not the customer’s', () => {
  const elsewhere = { ...order().shippingAddress, fullName: 'Lena Berg' };
  assert.equal(payload(order({ shippingAddress: elsewhere }), about).customer.phone, undefined);
});

test('an order without an address, a customer or a country is told without them', () => {
  const told = payload(order({ shippingAddress: {}, customer: null }), about);
  assert.deepEqual([told.shipping_address, told.customer], [undefined, {}]);
});

// A small tea shop on Vendure, as a merchant would set it up, with our plugin installed from its package.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const {
  bootstrap,
  ChannelService,
  DefaultJobQueuePlugin,
  DefaultLogger,
  dummyPaymentHandler,
  JobQueueService,
  LogLevel,
  RequestContextService,
} = require('@vendure/core');
const { populate } = require('@vendure/core/cli');
const { AftercarePlugin } = require('@aftercare/vendure-plugin');
const { Client } = require('pg');

const { SHOP_PORT, SHOP_PGPORT, SHOP_DATABASE, AFTERCARE_URL, AFTERCARE_SECRET, AFTERCARE_KEY } = process.env;

const config = {
  apiOptions: { hostname: '127.0.0.1', port: Number(SHOP_PORT), adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: {
    tokenMethod: 'bearer',
    requireVerification: false,
    superadminCredentials: { identifier: 'superadmin', password: 'superadmin' },
    cookieOptions: { secret: 'only good for stories' },
  },
  dbConnectionOptions: {
    type: 'postgres',
    host: '127.0.0.1',
    port: Number(SHOP_PGPORT),
    username: 'postgres',
    database: SHOP_DATABASE,
    synchronize: true,
    logging: false,
    extra: { max: 4 },
  },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  importExportOptions: { importAssetsDir: __dirname },
  logger: new DefaultLogger({ level: LogLevel.Warn, timestamp: false }),
  plugins: [
    DefaultJobQueuePlugin.init({ pollInterval: 50 }),
    AftercarePlugin.init({
      url: AFTERCARE_URL,
      secret: AFTERCARE_SECRET,
      apiKey: AFTERCARE_KEY,
      // An afternoon's outage has to fit into a few seconds here.
      retry: { firstMs: 100, maxMs: 500 },
    }),
  ],
};

/** The shop sells in euros, in two languages, at prices that hold the tax. */
async function opened() {
  const app = await bootstrap(config);
  const ctx = await app.get(RequestContextService).create({ apiType: 'admin' });
  await app.get(ChannelService).update(ctx, {
    id: ctx.channelId,
    defaultCurrencyCode: 'EUR',
    availableCurrencyCodes: ['EUR'],
    availableLanguageCodes: ['en', 'de'],
    pricesIncludeTax: true,
  });
  return app;
}

async function createDatabase() {
  const { host, port, username: user } = config.dbConnectionOptions;
  const client = new Client({ host, port, user, database: 'postgres' });
  await client.connect();
  await client.query(`CREATE DATABASE ${client.escapeIdentifier(SHOP_DATABASE)}`);
  await client.end();
}

async function main() {
  const isNew = process.argv.includes('--new');
  if (isNew) await createDatabase();
  const goods = JSON.parse(fs.readFileSync(path.join(__dirname, 'shop.json'), 'utf8'));
  const app = isNew ? await populate(opened, goods, path.join(__dirname, 'products.csv')) : await bootstrap(config);
  await app.get(JobQueueService).start();
  console.log('READY');
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});

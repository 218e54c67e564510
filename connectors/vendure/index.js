'use strict';

const { AftercarePlugin } = require('./src/plugin');
const { payload } = require('./src/order');
const { sign } = require('./src/webhooks');

module.exports = { AftercarePlugin, payload, sign };

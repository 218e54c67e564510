'use strict';

// Nest and GraphQL are Vendure's dependencies and not ours: taken from where Vendure finds them, there is one of each,
// whatever package manager the shop uses.
const ofVendure = name => require(require.resolve(name, { paths: [require.resolve('@vendure/core')] }));
const nest = ofVendure('@nestjs/common');
const graphql = ofVendure('graphql');

/** What a TypeScript compiler would write for a constructor's parameters, so that Nest can fill them. */
function injected(target, types) {
  Reflect.defineMetadata('design:paramtypes', types, target);
}

module.exports = { graphql, nest, injected };

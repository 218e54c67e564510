'use strict';

/**
 * One pause for all orders while the server does not answer: it doubles with every failure up to a limit, and is gone
 * with the first success. So an outage of a night costs a few dozen tries and not one for every order and minute.
 */
class Pause {
  constructor({ firstMs, maxMs }, now = Date.now) {
    Object.assign(this, { firstMs, maxMs, now, failures: 0, until: 0, wakes: new Set(), isStopped: false });
  }

  failed(retryAfterMs = 0) {
    this.until = this.now() + Math.max(this.after(this.failures), Math.min(retryAfterMs, this.maxMs));
    this.failures += 1;
  }

  succeeded() {
    this.failures = 0;
    this.until = 0;
  }

  /** How long to wait after this many failures. */
  after(failures) {
    return Math.min(this.firstMs * 2 ** Math.min(failures, 30), this.maxMs);
  }

  /** Resolves to true when it is over, and to false when the shop stops before. */
  async over() {
    while (!this.isStopped && this.now() < this.until) {
      let wake;
      await new Promise(resolve => {
        const timer = setTimeout(resolve, this.until - this.now());
        wake = () => (clearTimeout(timer), resolve());
        this.wakes.add(wake);
      });
      this.wakes.delete(wake);
    }
    return !this.isStopped;
  }

  stop() {
    this.isStopped = true;
    for (const wake of this.wakes) wake();
  }
}

module.exports = { Pause };

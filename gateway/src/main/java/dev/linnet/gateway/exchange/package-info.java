/**
 * The exchange of one request and its response: routing, attempts, retries, bodies, deadlines. It knows no sockets: what it needs of
 * them are the small calls of {@link dev.linnet.gateway.exchange.ClientEnd} and {@link dev.linnet.gateway.exchange.UpstreamEnd}.
 * Everything runs on one event loop; nothing blocks, nothing locks.
 */
@NullMarked
package dev.linnet.gateway.exchange;

import org.jspecify.annotations.NullMarked;

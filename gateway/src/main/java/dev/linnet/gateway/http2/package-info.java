/**
 * HTTP/2 as an adapter on either side of an exchange: checked fields become an HTTP/1.1 head and DATA becomes a body framed as
 * HTTP/1.1 frames it, and back (RFC 9113). Netty's codec does the protocol; here are what may come in, how much of it, and how
 * streams and exchanges meet. Everything runs on one event loop; nothing blocks, nothing locks.
 */
@NullMarked
package dev.linnet.gateway.http2;

import org.jspecify.annotations.NullMarked;

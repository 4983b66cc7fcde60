/**
 * Which endpoint of a backend gets a request (spec of ingress-nginx, §3.2 and Appendix A): pure choice over a snapshot of endpoints, no
 * sockets. Tables are made once for a snapshot and shared by all event loops; turns belong to one loop; what endpoints have to do
 * ({@link dev.linnet.gateway.balance.Load}) is counted by all loops together.
 */
@NullMarked
package dev.linnet.gateway.balance;

import org.jspecify.annotations.NullMarked;

/**
 * Exchanges on Netty: connections of clients and to endpoints, pools, deadlines. One handler per channel, no codec. An exchange's two
 * connections live on the same event loop.
 */
@NullMarked
package dev.linnet.gateway.net;

import org.jspecify.annotations.NullMarked;

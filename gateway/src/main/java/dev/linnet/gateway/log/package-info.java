/**
 * The access log. Event loops write whole lines into batches of their own, without a lock and without garbage; one thread passes the
 * batches on. A sink that is slow costs lines, which are counted, and never a request's time.
 */
@NullMarked
package dev.linnet.gateway.log;

import org.jspecify.annotations.NullMarked;

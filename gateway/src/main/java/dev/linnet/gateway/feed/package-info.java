/**
 * The path of a manifest: informers, one compile at a time, {@link dev.linnet.gateway.LiveRoutes}. Plain blocking code on one
 * thread, so that nothing here needs a lock but {@link dev.linnet.gateway.feed.Inbox}. Start reading at {@link
 * dev.linnet.gateway.feed.Feed}.
 */
@NullMarked
package dev.linnet.gateway.feed;

import org.jspecify.annotations.NullMarked;

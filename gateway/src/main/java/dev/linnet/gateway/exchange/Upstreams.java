package dev.linnet.gateway.exchange;

import dev.linnet.routing.Endpoint;

/** Connections to endpoints. */
@FunctionalInterface
public interface Upstreams {
    /**
     * Takes a kept connection or opens one.
     *
     * @param manner how it is spoken to: connections of other manners are left alone
     * @param fresh  only a new one will do
     * @return connected, or else {@link Asker#connected} or {@link Asker#connectFailed} follows, never from within this call
     */
    UpstreamEnd open(Endpoint endpoint, Manner manner, boolean fresh, Asker asker);
}

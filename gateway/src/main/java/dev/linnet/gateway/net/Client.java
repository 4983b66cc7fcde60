package dev.linnet.gateway.net;

import io.netty.channel.ChannelHandler;

/** A client's connection, whatever it speaks, as its event loop sees it. */
public interface Client extends ChannelHandler {
    /** The gateway will stop: whoever can be told so without an answer is told now. */
    void announceEnd();

    /** The gateway stops: who waits for nothing goes now, the others when they have their answers. */
    void drain();

    /** The gateway does not wait any longer. */
    void stop();

    /** What the gateway does on it at this moment. */
    Connections.State state();
}

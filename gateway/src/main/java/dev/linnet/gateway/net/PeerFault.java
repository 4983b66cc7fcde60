package dev.linnet.gateway.net;

import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the other end of a connection, or the way to it, is to blame for: a reset, a certificate that is not believed, bytes that are no
 * TLS. Anybody can cause such a thing any number of times, so it is no news; whose exchange it ends is counted and answered.
 */
public final class PeerFault {
    private static final Logger log = LoggerFactory.getLogger(PeerFault.class);

    private PeerFault() {}

    /** All exceptions of TLS are of I/O; Netty wraps those that it meets while it decodes. */
    public static boolean is(Throwable cause) {
        return cause instanceof IOException
                || (cause instanceof DecoderException && cause.getCause() instanceof IOException);
    }

    /** For whoever looks for the reason of a failure. */
    public static void note(Channel channel, Throwable cause) {
        log.atDebug()
                .addKeyValue("channel", channel)
                .addKeyValue("cause", cause.toString())
                .log("Connection failed");
    }
}

package dev.linnet.gateway.tls;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;

/** Why client and gateway did not come to speak TLS. */
public enum HandshakeFailure {
    /** The client has gone. */
    GONE,
    /** The client has taken too long. */
    SLOW,
    /** What the client has sent is no TLS. */
    NO_TLS,
    /** The client asks for a host that nobody knows, and is refused for that. */
    UNKNOWN_NAME,
    /** There is no version or cipher that both speak. */
    NO_AGREEMENT,
    /** The client has ended it with an alert: most often it does not believe our certificate. */
    CLIENT_ALERT,
    OTHER;

    /** As a label of metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By what was thrown; BoringSSL and Java tell the rest by their words only. */
    public static HandshakeFailure of(Throwable thrown) {
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return switch (cause) {
            case SniSelector.UnknownName _ -> UNKNOWN_NAME;
            case NotSslRecordException _ -> NO_TLS;
            case ClosedChannelException _ -> GONE;
            default -> byWords(String.valueOf(cause.getMessage()).toUpperCase(Locale.ROOT));
        };
    }

    private static HandshakeFailure byWords(String words) {
        if (words.contains("ALERT")) {
            return CLIENT_ALERT;
        }
        boolean choice = words.contains("PROTOCOL") || words.contains("CIPHER") || words.contains("VERSION");
        if (choice) {
            return NO_AGREEMENT;
        }
        return words.contains("CLOSED") || words.contains("RESET") ? GONE : OTHER;
    }
}

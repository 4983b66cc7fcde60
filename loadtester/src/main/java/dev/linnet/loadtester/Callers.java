package dev.linnet.loadtester;

import java.net.InetAddress;
import java.util.Optional;

/** Who may have things run here. A load tester executes commands, so not everybody who reaches its port. */
@FunctionalInterface
public interface Callers {

    /** Whether it acts for this caller. May ask elsewhere, with a deadline. */
    boolean accepts(Caller caller);

    /** Anybody who reaches the port: for networks that are closed by other means. */
    static Callers anybody() {
        return _ -> true;
    }

    /**
     * Who asks.
     *
     * @param address the other end of the connection
     * @param token   of the {@code Authorization: Bearer} header
     */
    record Caller(InetAddress address, Optional<String> token) {

        /** Without the token. */
        @Override
        public String toString() {
            return "Caller[" + address.getHostAddress() + "]";
        }
    }
}

package dev.linnet.gateway.ops;

import com.sun.net.httpserver.Headers;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Keeps web pages out: a page in somebody's browser can send requests to loopback, and with a name that points there even read the
 * answers. Programs send no {@code Origin}.
 */
final class SameOrigin {
    private final boolean loopback;

    SameOrigin(InetSocketAddress address) {
        this.loopback = address.getAddress().isLoopbackAddress();
    }

    boolean allows(Headers headers) {
        boolean page = headers.containsKey("Origin") || "cross-site".equals(headers.getFirst("Sec-Fetch-Site"));
        return !page && (!loopback || isLoopback(headers.getFirst("Host")));
    }

    private static boolean isLoopback(@org.jspecify.annotations.Nullable String host) {
        if (host == null) {
            return true;
        }
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        if (name.equals("localhost")) {
            return true;
        }
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(name);
        return literal != null && literal.isLoopbackAddress();
    }
}

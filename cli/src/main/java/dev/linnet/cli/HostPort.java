package dev.linnet.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code host:port} as people write it: {@code 127.0.0.1:8080}, {@code :8080} for loopback, {@code [::1]:0}. Port 0 is any free one. */
public final class HostPort implements ITypeConverter<InetSocketAddress> {

    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw wrong(text);
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(host.isEmpty() ? "127.0.0.1" : host), port(text, text.substring(colon + 1)));
        } catch (UnknownHostException e) {
            throw new TypeConversionException("'" + text + "' names a host that is not known (expected: host:port)");
        }
    }

    private static int port(String text, String port) {
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= 65_535) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException(
                "'" + text + "' is no address (expected: host:port with a port from 0 to 65535, 0 for any free one)");
    }

    /** {@code 127.0.0.1:8080}, for messages and files. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}

package dev.linnet.routing;

import dev.linnet.routing.policy.Redirects.Asked;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request that someone describes, for {@code explain} and tests. */
public final class TextRequest implements RequestView {
    private final byte[] bytes;
    private final int hostEnd;
    private final int pathEnd;
    private final int queryEnd;
    private final int methodEnd;
    private final int[] headers;
    private final String host;
    private final String path;
    private final Asked asked;
    private final List<String> dropped;
    private final byte[] client;
    private final Workload caller;
    private final byte[] listenerHost;

    private TextRequest(
            byte[] host,
            byte[] path,
            String query,
            String method,
            Asked asked,
            List<Map.Entry<String, String>> headers,
            byte[] client) {
        this.host = text(host);
        this.asked = asked;
        this.path = text(path);
        this.dropped = headers.stream()
                .map(Map.Entry::getKey)
                .filter(name -> name.indexOf('_') >= 0)
                .toList();
        List<Map.Entry<String, String>> kept = headers.stream()
                .filter(header -> header.getKey().indexOf('_') < 0)
                .toList();
        var all = new ByteArrayOutputStream();
        all.writeBytes(host);
        this.hostEnd = all.size();
        all.writeBytes(path);
        this.pathEnd = all.size();
        all.writeBytes(query.getBytes(StandardCharsets.UTF_8));
        this.queryEnd = all.size();
        all.writeBytes(method.getBytes(StandardCharsets.UTF_8));
        this.methodEnd = all.size();
        this.headers = new int[kept.size() * 3];
        for (int i = 0; i < kept.size(); i++) {
            this.headers[i * 3] = all.size();
            all.writeBytes(kept.get(i).getKey().getBytes(StandardCharsets.UTF_8));
            this.headers[i * 3 + 1] = all.size();
            all.writeBytes(kept.get(i).getValue().strip().getBytes(StandardCharsets.UTF_8));
            this.headers[i * 3 + 2] = all.size();
        }
        this.bytes = all.toByteArray();
        this.client = client.clone();
        this.caller = Workload.UNKNOWN;
        this.listenerHost = ANY_HOST;
    }

    private TextRequest(TextRequest other, Workload caller, byte[] listenerHost) {
        this.bytes = other.bytes;
        this.hostEnd = other.hostEnd;
        this.pathEnd = other.pathEnd;
        this.queryEnd = other.queryEnd;
        this.methodEnd = other.methodEnd;
        this.headers = other.headers;
        this.host = other.host;
        this.path = other.path;
        this.asked = other.asked;
        this.dropped = other.dropped;
        this.client = other.client;
        this.caller = caller;
        this.listenerHost = listenerHost;
    }

    /** The same, asked by somebody inside of the cluster. */
    public TextRequest by(Workload who) {
        return new TextRequest(this, who, listenerHost);
    }

    /** The same at a listener that is for one host, in lower case. */
    public TextRequest at(String oneHost) {
        return new TextRequest(this, caller, oneHost.getBytes(StandardCharsets.UTF_8));
    }

    /** A GET from nowhere in particular. */
    public static TextRequest of(String url, List<Map.Entry<String, String>> headers) {
        return of("GET", url, headers, Optional.empty());
    }

    /**
     * A request for a URL.
     *
     * @param url     {@code http://host[:port]/path?query}, or {@code /path} for no host
     * @param headers name and value, in order of arrival; names may repeat
     * @param client  whose address it comes from, if that is known
     * @throws IllegalArgumentException if the gateway would refuse such a request
     */
    public static TextRequest of(
            String method, String url, List<Map.Entry<String, String>> headers, Optional<InetAddress> client) {
        String rawPath;
        String host;
        String query;
        Asked asked;
        try {
            URI uri = new URI(url);
            String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
            String hostField = authority.substring(authority.indexOf('@') + 1);
            host = withoutPort(hostField);
            query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
            rawPath = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String rest = query.isEmpty() ? "" : "?" + query;
            asked = new Asked("https".equalsIgnoreCase(uri.getScheme()) ? "https" : "http", hostField, rawPath + rest);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("url is \"" + url + "\" (expected: http://host/path)", e);
        }
        byte[] path = rawPath.startsWith("/") ? RequestPath.normal(rawPath.getBytes(StandardCharsets.UTF_8)) : null;
        if (path == null) {
            throw new IllegalArgumentException(
                    "path is \"" + rawPath + "\" (expected: a path below / with whole percent escapes)");
        }
        byte[] address = client.map(InetAddress::getAddress).orElseGet(() -> new byte[0]);
        return new TextRequest(
                host.getBytes(StandardCharsets.UTF_8), path, query, method, asked, new ArrayList<>(headers), address);
    }

    private static String withoutPort(String authority) {
        int colon = authority.lastIndexOf(':');
        String host = colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The host as it is compared, but in its own case. */
    public String host() {
        return host;
    }

    /** The port that is asked: the scheme's if none is named. */
    public int port() {
        return asked.port();
    }

    /** The path as it is compared. */
    public String path() {
        return path;
    }

    Asked asked() {
        return asked;
    }

    /** Names of headers that the gateway drops, because of an underscore. */
    List<String> dropped() {
        return dropped;
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int hostStart() {
        return 0;
    }

    @Override
    public int hostEnd() {
        return hostEnd;
    }

    @Override
    public int pathStart() {
        return hostEnd;
    }

    @Override
    public int pathEnd() {
        return pathEnd;
    }

    @Override
    public int queryStart() {
        return pathEnd;
    }

    @Override
    public int queryEnd() {
        return queryEnd;
    }

    @Override
    public int methodStart() {
        return queryEnd;
    }

    @Override
    public int methodEnd() {
        return methodEnd;
    }

    @Override
    public byte[] clientAddress() {
        return client;
    }

    @Override
    public boolean isSecure() {
        return asked.scheme().equals("https");
    }

    @Override
    public Workload caller() {
        return caller;
    }

    @Override
    public byte[] listenerHost() {
        return listenerHost;
    }

    @Override
    public int headerCount() {
        return headers.length / 3;
    }

    @Override
    public int nameStart(int header) {
        return headers[header * 3];
    }

    @Override
    public int nameEnd(int header) {
        return headers[header * 3 + 1];
    }

    @Override
    public int valueStart(int header) {
        return headers[header * 3 + 1];
    }

    @Override
    public int valueEnd(int header) {
        return headers[header * 3 + 2];
    }
}

package dev.linnet.gateway.http;

import dev.linnet.gateway.tls.ClientIdentity;
import dev.linnet.routing.RequestView;
import dev.linnet.routing.policy.Addresses;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Who asks, and through which door. Made once for a connection; once more for a request where a proxy that is trusted tells more
 * ({@link CallerReader}). Immutable.
 */
public final class Caller {
    private final byte[] peer;
    private final byte[] address;
    private final String text;
    private final int port;
    private final boolean portTold;
    private final String scheme;
    private final boolean tls;
    private final boolean trusted;
    private final String host;
    private final ClientIdentity identity;
    private final byte[] serverName;
    private final byte[] listenerHost;
    private final byte[] lines;
    private final byte[] portLine;

    private Caller(
            byte[] peer,
            byte[] address,
            String text,
            int port,
            boolean portTold,
            String scheme,
            boolean tls,
            boolean trusted,
            String host,
            ClientIdentity identity,
            byte[] serverName,
            byte[] listenerHost,
            String chain) {
        this.peer = peer;
        this.address = address;
        this.text = text;
        this.port = port;
        this.portTold = portTold;
        this.scheme = scheme;
        this.tls = tls;
        this.trusted = trusted;
        this.host = host;
        this.identity = identity;
        this.serverName = serverName;
        this.listenerHost = listenerHost;
        this.lines = lines(chain);
        this.portLine = ("X-Forwarded-Port: " + port + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The caller of a connection.
     *
     * @param peer   the other end of the socket: 4 or 16 bytes, or none if that end is gone
     * @param port   the port of a client that names none
     * @param scheme {@code http} or {@code https}
     */
    public static Caller of(byte[] peer, int port, String scheme) {
        String text = peer.length == 0 ? "" : Addresses.text(peer);
        return new Caller(
                peer,
                peer,
                text,
                port,
                false,
                scheme,
                scheme.equals("https"),
                false,
                "",
                ClientIdentity.UNASKED,
                RequestView.NO_NAME,
                RequestView.ANY_HOST,
                text);
    }

    /** At a listener that is for one host, in lower case, whatever requests say, or for one port: {@code :8090}. */
    public Caller at(String oneHost) {
        byte[] bytes = oneHost.getBytes(StandardCharsets.US_ASCII);
        return new Caller(
                peer, address, text, port, portTold, scheme, tls, trusted, host, identity, serverName, bytes, text);
    }

    /**
     * As it has said in its handshake.
     *
     * @param shown by its certificate
     * @param name  of the host that it has asked for, in lower case; empty for none
     */
    public Caller shownToBe(ClientIdentity shown, String name) {
        byte[] bytes = name.isEmpty() ? RequestView.NO_NAME : name.getBytes(StandardCharsets.UTF_8);
        return new Caller(
                peer, address, text, port, portTold, scheme, tls, trusted, host, shown, bytes, listenerHost, text);
    }

    /** As the PROXY header of the connection says; a client that has used the port of HTTPS has used HTTPS. */
    public Caller behindProxy(byte[] client, int clientPort) {
        String seen = clientPort == 443 ? "https" : scheme;
        String name = Addresses.text(client);
        return new Caller(
                peer, client, name, clientPort, true, seen, tls, false, "", identity, serverName, listenerHost, name);
    }

    /**
     * As trusted headers of one request say.
     *
     * @param seenPort   what the client has used; 0 if they do not say
     * @param seenScheme likewise, but always said
     * @param seenHost   likewise; empty if the Host header says it
     * @param chain      for backends: the address, or all that are known
     */
    Caller told(byte[] client, int seenPort, String seenScheme, String seenHost, String chain) {
        String name = client.length == 0 ? "" : Addresses.text(client);
        return new Caller(
                peer,
                client,
                name,
                seenPort > 0 ? seenPort : port,
                seenPort > 0 || portTold,
                seenScheme,
                tls,
                true,
                seenHost,
                identity,
                serverName,
                listenerHost,
                chain.isEmpty() ? name : chain);
    }

    private byte[] lines(String chain) {
        return ("X-Real-IP: " + text + "\r\nX-Forwarded-For: " + chain
                        + "\r\nX-Forwarded-Proto: " + scheme + "\r\nX-Forwarded-Scheme: " + scheme + "\r\nX-Scheme: "
                        + scheme + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The other end of the socket: 4 or 16 bytes, or none. Not a copy: not to be written to. */
    public byte[] peer() {
        return peer;
    }

    /** The client, as far as somebody trusted tells it: 4 or 16 bytes, or none. Not a copy: not to be written to. */
    public byte[] address() {
        return address;
    }

    /** {@link #address} for people. */
    public String text() {
        return text;
    }

    /** What a PROXY header has said, as long as no header of the request says more; empty if there was none. */
    public String addressOfProxyHeader() {
        return !trusted && !Arrays.equals(address, peer) ? text : "";
    }

    /** The port that the client has used, unless its request names another one. */
    public int port() {
        return port;
    }

    /** Whether somebody in front of us says so, who knows better than the request. */
    boolean isPortTold() {
        return portTold;
    }

    /** What the client has spoken: {@code http}, {@code https}, or whatever a trusted proxy calls it. */
    public String scheme() {
        return scheme;
    }

    /** Whether this very connection is encrypted, whatever proxies say. */
    public boolean isTls() {
        return tls;
    }

    /** Whether the peer is a proxy whose word is taken. */
    boolean isTrusted() {
        return trusted;
    }

    /** Who the peer has shown to be by certificate. */
    public ClientIdentity identity() {
        return identity;
    }

    /** The host that it has asked for in its handshake, in lower case; empty for none. Not a copy: not to be written to. */
    byte[] serverName() {
        return serverName;
    }

    /** Whether it came through a listener for one host, which is how Services are served inside of the cluster. */
    public boolean isInside() {
        return RequestView.isInside(listenerHost);
    }

    /** The one host that the listener is for; {@link RequestView#ANY_HOST} for all. Not a copy: not to be written to. */
    byte[] listenerHost() {
        return listenerHost;
    }

    /** The host that the client has asked, if that is not what the Host header says; else empty. */
    public String host() {
        return host;
    }

    /** What backends are told of all this but the port: whole lines, each with its end. Not a copy. */
    byte[] lines() {
        return lines;
    }

    /** What they are told of the port where the request itself names none: a whole line. Not a copy. */
    byte[] portLine() {
        return portLine;
    }
}

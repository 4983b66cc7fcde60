package dev.linnet.gateway.tls;

import java.util.Locale;
import java.util.Map;

/**
 * What is shown to whom: immutable, read once per handshake. A name is looked up exactly, then as a wildcard of one label, then the
 * default one is shown (spec of ingress-nginx, §5.7).
 */
public final class CertificateTable {
    private final Map<String, ServerTls> hosts;
    private final ServerTls usual;

    public CertificateTable(Map<String, ServerTls> hosts, ServerTls usual) {
        this.hosts = Map.copyOf(hosts);
        this.usual = usual;
    }

    /** What each host shows that has something of its own. */
    public Map<String, ServerTls> hosts() {
        return hosts;
    }

    /** @param serverName as the client sent it (SNI), empty if it sent none */
    public ServerTls find(String serverName) {
        String name = serverName.toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        ServerTls exact = hosts.get(name);
        if (exact != null) {
            return exact;
        }
        int dot = name.indexOf('.');
        ServerTls wildcard = dot < 0 ? null : hosts.get("*" + name.substring(dot));
        if (wildcard != null) {
            return wildcard;
        }
        ServerTls any = hosts.get("");
        return any == null ? usual : any;
    }
}

package dev.linnet.gateway.policy;

import dev.linnet.gateway.aside.Names;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Manner;
import dev.linnet.gateway.http.Variables;
import dev.linnet.gateway.tls.ClientTls;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Access.Url;
import dev.linnet.routing.policy.Addresses;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds who answers at an address of an author's, from one event loop: an endpoint of a Service, or a host by its name. */
final class Whereabouts {
    private final Url url;
    private final Optional<ServiceRef> service;
    private final Loop loop;
    private final Names names;

    Whereabouts(Url url, Loop loop, Names names) {
        this.url = url;
        this.service = url.service();
        this.loop = loop;
        this.names = names;
    }

    /** The host that this request makes of the address, in lower case and without a port; empty if it makes none. */
    Optional<String> host(Variables request) {
        String host = request.fill(url.host()).toLowerCase(Locale.ROOT);
        return isHost(host) ? Optional.of(host) : Optional.empty();
    }

    /** The name of a host or an address: it may come from the client. */
    private static boolean isHost(String host) {
        if (host.isEmpty() || host.length() > 253) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean usual = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
            if (!usual) {
                return false;
            }
        }
        return true;
    }

    /** The host as a request names it. */
    String hostAndPort(String host) {
        boolean usual = url.port() == (url.tls() ? 443 : 80);
        return usual ? host : host + ":" + url.port();
    }

    /** How whoever answers for this host is spoken to. */
    Manner manner(String host) {
        return url.tls() ? new Manner.Tls(ClientTls.believingByName(), host) : Manner.PLAIN;
    }

    /**
     * Finds an endpoint; none if there is none.
     *
     * @param waiting told if that takes time; what follows comes later then, on the same event loop
     */
    void find(String host, Runnable waiting, Consumer<Optional<Endpoint>> then) {
        if (service.isPresent()) {
            List<Endpoint> ready = loop.ready(service.get());
            then.accept(
                    ready.isEmpty()
                            ? Optional.empty()
                            : Optional.of(ready.get(loop.random().nextInt(ready.size()))));
            return;
        }
        Optional<Optional<String>> known =
                Addresses.parse(host).isPresent() ? Optional.of(Optional.of(host)) : names.now(host);
        if (known.isPresent()) {
            then.accept(known.get().map(this::endpoint));
            return;
        }
        waiting.run();
        names.find(host, found -> loop.workplace().execute(() -> then.accept(found.map(this::endpoint))));
    }

    private Endpoint endpoint(String address) {
        return new Endpoint(address, url.port(), "");
    }
}

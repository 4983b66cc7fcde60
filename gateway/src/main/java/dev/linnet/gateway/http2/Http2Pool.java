package dev.linnet.gateway.http2;

import dev.linnet.gateway.exchange.Asker;
import dev.linnet.gateway.exchange.Manner;
import dev.linnet.gateway.exchange.UpstreamEnd;
import dev.linnet.routing.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One event loop's HTTP/2 connections to endpoints: for each endpoint one, and more only when it is full. */
final class Http2Pool {
    private final Http2Loop http2;
    private final Map<Place, List<Http2Server>> places = new HashMap<>();

    /** Whom connections are to, and in which manner. */
    record Place(Endpoint endpoint, Manner.Http2 manner) {}

    Http2Pool(Http2Loop http2) {
        this.http2 = http2;
    }

    UpstreamEnd open(Endpoint endpoint, Manner.Http2 manner, boolean fresh, Asker asker) {
        return withRoom(new Place(endpoint, manner), fresh).open(asker);
    }

    /** @param fresh only one that has served nobody will do */
    Http2Server withRoom(Place place, boolean fresh) {
        List<Http2Server> servers = places.get(place);
        if (servers == null) {
            servers = new ArrayList<>(1);
            places.put(place, servers);
        }
        for (int i = 0; i < servers.size(); i++) {
            Http2Server server = servers.get(i);
            if (server.hasRoom() && !(fresh && server.isReady())) {
                return server;
            }
        }
        Http2Server opened = Http2Server.connect(http2, this, place);
        servers.add(opened);
        return opened;
    }

    void closed(Http2Server server) {
        List<Http2Server> servers = places.get(server.place());
        if (servers != null && servers.remove(server) && servers.isEmpty()) {
            places.remove(server.place());
        }
    }

    void forget(Endpoint endpoint) {
        all().stream()
                .filter(server -> server.place().endpoint().equals(endpoint))
                .forEach(Http2Server::retire);
    }

    void closeAll() {
        all().forEach(Http2Server::retire);
    }

    private List<Http2Server> all() {
        return places.values().stream().flatMap(List::stream).toList();
    }
}

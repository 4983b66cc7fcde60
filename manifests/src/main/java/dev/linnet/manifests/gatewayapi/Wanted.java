package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.gatewayapi.Listener.ListenerStatus;
import dev.linnet.manifests.gatewayapi.ObjectStatus.Address;
import java.util.List;

/** What the status of an object should say (spec §6.2, §6.3.3, §6.4). */
sealed interface Wanted {

    record OfClass(List<Condition> conditions) implements Wanted {
        public OfClass {
            conditions = List.copyOf(conditions);
        }
    }

    /** @param addresses that its author wants; none for whichever there are */
    record OfGateway(List<Condition> conditions, List<ListenerStatus> listeners, List<Address> addresses)
            implements Wanted {
        public OfGateway {
            conditions = List.copyOf(conditions);
            listeners = List.copyOf(listeners);
            addresses = List.copyOf(addresses);
        }
    }

    /** @param parents those that are ours; none if the route has none, so that nothing of ours must be left */
    record OfRoute(List<Parent> parents) implements Wanted {
        public OfRoute {
            parents = List.copyOf(parents);
        }
    }
}

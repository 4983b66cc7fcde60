package dev.linnet.routing.policy;

import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Access.Url;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Somebody who gets copies of a route's requests. Nobody waits for what is answered to them, and nothing that happens to them is seen by
 * the client.
 *
 * @param to       where they go
 * @param parts    how many of {@link #ALL} requests are copied, by chance
 * @param host     their Host; empty for the client's, or for that of the address they go to
 * @param withBody whether they have the request's body
 */
public record Mirror(Target to, int parts, Optional<Template> host, boolean withBody) {
    /** Parts of which this many are every request: four decimals of a per cent. */
    public static final int ALL = 1_000_000;

    public Mirror {
        if (parts < 0 || parts > ALL) {
            throw new IllegalArgumentException("parts is " + parts + " (expected: 0 to " + ALL + ")");
        }
    }

    /** Where copies go. */
    public sealed interface Target {
        /** To one of a Service's endpoints, spoken to as the route says, or else as is said of the Service. */
        record Backend(ServiceRef service) implements Target {
            @Override
            public String toString() {
                return service.toString();
            }
        }

        /** To another address, which may depend on the request. */
        record Address(Url url) implements Target {
            @Override
            public String toString() {
                return url.toString();
            }
        }
    }

    /** All requests, whole, to a Service. */
    public static Mirror of(ServiceRef service) {
        return new Mirror(new Target.Backend(service), ALL, Optional.empty(), true);
    }

    /** The Service port of the cluster that they go to, if they do. */
    public Optional<ServiceRef> service() {
        return switch (to) {
            case Target.Backend(ServiceRef service) -> Optional.of(service);
            case Target.Address(Url url) -> url.service();
        };
    }

    /** For people. */
    @Override
    public String toString() {
        String percent = BigDecimal.valueOf(parts, 4).stripTrailingZeros().toPlainString();
        return percent + " % of requests to " + to + (withBody ? "" : ", without their bodies");
    }
}

package dev.linnet.gateway.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.gatewayapi.ObjectStatus;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An object that the table in force was compiled from.
 *
 * @param identity  which object it is, and in which version
 * @param status    what an Ingress says of where it can be reached
 * @param problems  what its author should hear
 * @param lack      what a Service lacks that it leads to
 * @param wish      what its status should say, where that is for us to say
 */
public record FollowedObject(
        ObjectRef object,
        Identity identity,
        Status status,
        List<Problem> problems,
        Optional<Lack> lack,
        Optional<StatusWish> wish) {

    public FollowedObject {
        problems = List.copyOf(problems);
    }

    /** One whose Services can all serve, or that is one itself. */
    FollowedObject(ObjectRef object, Identity identity, Status status, List<Problem> problems) {
        this(object, identity, status, problems, Optional.empty(), Optional.empty());
    }

    /** What a status should say, and says. */
    public record StatusWish(ObjectStatus wanted, JsonNode current) {}

    /**
     * What {@code status} says, and who has said so.
     *
     * @param addresses {@code loadBalancer.ingress}
     * @param other     who else than Linnet has written it last, if anybody
     * @param shared    whether ingress-nginx would obey the object as well
     */
    public record Status(List<IngressLoadBalancerIngress> addresses, Optional<Writer> other, boolean shared) {
        public static final Status NONE = new Status(List.of(), Optional.empty(), false);

        public Status {
            addresses = List.copyOf(addresses);
        }

        static Status of(Ingress slim, boolean shared) {
            List<IngressLoadBalancerIngress> addresses = Optional.ofNullable(slim.getStatus())
                    .flatMap(status -> Optional.ofNullable(status.getLoadBalancer()))
                    .flatMap(balancer -> Optional.ofNullable(balancer.getIngress()))
                    .orElseGet(List::of);
            return new Status(addresses, Writer.ofStatus(slim), shared);
        }
    }

    /**
     * Who has changed an object.
     *
     * @param manager as {@code metadata.managedFields} names it
     * @param at      when, to the second
     */
    public record Writer(String manager, Instant at) {
        /** What {@link Slim} has left. */
        static Optional<Writer> ofStatus(Ingress slim) {
            return slim.getMetadata().getManagedFields().stream()
                    .findFirst()
                    .map(entry -> new Writer(entry.getManager(), Instant.parse(entry.getTime())));
        }
    }

    /** {@code generation} is 0 for kinds that do not count theirs. */
    public record Identity(String apiVersion, String uid, String resourceVersion, long generation) {
        static Identity of(HasMetadata object) {
            ObjectMeta meta = object.getMetadata();
            return new Identity(
                    object.getApiVersion(),
                    Optional.ofNullable(meta.getUid()).orElse(""),
                    Optional.ofNullable(meta.getResourceVersion()).orElse(""),
                    Optional.ofNullable(meta.getGeneration()).orElse(0L));
        }
    }

    FollowedObject withMore(List<Problem> more) {
        return more.isEmpty()
                ? this
                : new FollowedObject(
                        object,
                        identity,
                        status,
                        Stream.concat(problems.stream(), more.stream())
                                .distinct()
                                .toList(),
                        lack,
                        wish);
    }

    FollowedObject lacking(Optional<Lack> what) {
        return new FollowedObject(object, identity, status, problems, what, wish);
    }

    FollowedObject wishing(StatusWish what) {
        return new FollowedObject(object, identity, status, problems, lack, Optional.of(what));
    }
}

package dev.linnet.gateway.feed;

import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An Ingress or Service that the table in force was compiled from.
 *
 * @param identity  which object it is, and in which version
 * @param addresses what {@code status.loadBalancer.ingress} says; always empty for a Service
 * @param problems  what its author should hear
 * @param lack      what a Service lacks that it leads to
 */
public record FollowedObject(
        ObjectRef object,
        Identity identity,
        List<IngressLoadBalancerIngress> addresses,
        List<Problem> problems,
        Optional<Lack> lack) {

    public FollowedObject {
        addresses = List.copyOf(addresses);
        problems = List.copyOf(problems);
    }

    /** One whose Services can all serve, or that is one itself. */
    FollowedObject(
            ObjectRef object, Identity identity, List<IngressLoadBalancerIngress> addresses, List<Problem> problems) {
        this(object, identity, addresses, problems, Optional.empty());
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
                        addresses,
                        Stream.concat(problems.stream(), more.stream())
                                .distinct()
                                .toList(),
                        lack);
    }

    FollowedObject lacking(Optional<Lack> what) {
        return new FollowedObject(object, identity, addresses, problems, what);
    }

    static List<IngressLoadBalancerIngress> addresses(Ingress ingress) {
        return Optional.ofNullable(ingress.getStatus())
                .flatMap(status -> Optional.ofNullable(status.getLoadBalancer()))
                .flatMap(balancer -> Optional.ofNullable(balancer.getIngress()))
                .orElseGet(List::of);
    }
}

package dev.linnet.machine.autoscaling;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.ContainerResourceMetricStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatusBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricTarget;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricValueStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.ResourceMetricStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** How many replicas one metric asks for. Computed as Kubernetes' replica calculator does. */
sealed interface Proposal {

    /**
     * A number that follows from what was measured.
     *
     * @param metric as messages name it
     */
    record Replicas(int count, String metric, MetricStatus status) implements Proposal {}

    /** @param reason for the condition ScalingActive, and of the Event */
    record Impossible(String reason, String why) implements Proposal {}

    /**
     * What there is to go by.
     *
     * @param current replicas that the target wants now
     * @param pods    of the target
     */
    record Evidence(int current, List<Pod> pods, Usage usage, Instant now) {
        public Evidence {
            pods = List.copyOf(pods);
        }
    }

    static Proposal of(MetricSpec metric, Evidence evidence) {
        return switch (metric.getType()) {
            case "Resource" ->
                new Of(
                                metric.getResource().getName(),
                                Optional.empty(),
                                metric.getResource().getTarget(),
                                evidence)
                        .proposal("FailedGetResourceMetric");
            case "ContainerResource" ->
                new Of(
                                metric.getContainerResource().getName(),
                                Optional.of(metric.getContainerResource().getContainer()),
                                metric.getContainerResource().getTarget(),
                                evidence)
                        .proposal("FailedGetContainerResourceMetric");
            default ->
                new Impossible(
                        "FailedGet" + metric.getType() + "Metric",
                        "metrics of type " + metric.getType() + " are not served here (expected: Resource or"
                                + " ContainerResource)");
        };
    }

    /** One resource of the target's Pods. */
    record Of(String resource, Optional<String> container, MetricTarget target, Evidence evidence) {
        private static final double TOLERANCE = 0.1;
        private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

        /** Something without which nothing can be said. */
        private static final class Unknown extends Exception {
            Unknown(String message) {
                super(message);
            }
        }

        Proposal proposal(String failure) {
            boolean average = target.getAverageValue() != null;
            try {
                return average ? ofAverageValue() : ofUtilization();
            } catch (Unknown e) {
                String what = average ? resource + " usage" : resource + " utilization";
                return new Impossible(failure, "failed to get " + what + ": " + e.getMessage());
            }
        }

        private Proposal ofAverageValue() throws Unknown {
            BigDecimal wanted = target.getAverageValue().getNumericalAmount();
            PodGroups groups = groups();
            Map<String, BigDecimal> used = used(groups.ready());
            Map<String, BigDecimal> targets = new HashMap<>();
            evidence.pods().forEach(pod -> targets.put(name(pod), wanted));
            int count = count(groups, used, targets, BigDecimal.ONE);
            BigDecimal average = sum(used).divide(BigDecimal.valueOf(used.size()), 3, RoundingMode.DOWN);
            return new Replicas(
                    count, resource + " resource", status(new MetricValueStatus(null, quantity(average), null)));
        }

        private Proposal ofUtilization() throws Unknown {
            BigDecimal share = BigDecimal.valueOf(Objects.requireNonNullElse(target.getAverageUtilization(), 80))
                    .divide(HUNDRED, 4, RoundingMode.UNNECESSARY);
            PodGroups groups = groups();
            Map<String, BigDecimal> used = used(groups.ready());
            Map<String, BigDecimal> requests = new HashMap<>();
            for (Pod pod : evidence.pods()) {
                requests.put(name(pod), requested(pod));
            }
            int count = count(groups, used, requests, share);
            BigDecimal requested = sum(of(requests, used));
            int utilization = sum(used)
                    .multiply(HUNDRED)
                    .divide(requested, 0, RoundingMode.DOWN)
                    .intValue();
            BigDecimal average = sum(used).divide(BigDecimal.valueOf(used.size()), 3, RoundingMode.DOWN);
            return new Replicas(
                    count,
                    resource + " resource utilization (percentage of request)",
                    status(new MetricValueStatus(utilization, quantity(average), null)));
        }

        private PodGroups groups() throws Unknown {
            return switch (evidence.usage()) {
                case Usage.Unknown unknown ->
                    throw new Unknown("unable to get metrics for resource " + resource + ": " + unknown.why());
                case Usage.Known known -> {
                    if (known.pods().isEmpty()) {
                        throw new Unknown("unable to get metrics for resource " + resource
                                + ": no metrics returned from resource metrics API");
                    }
                    if (evidence.pods().isEmpty()) {
                        throw new Unknown("no pods returned by selector while calculating replica count");
                    }
                    yield PodGroups.of(evidence.pods(), known, resource, evidence.now());
                }
            };
        }

        private Map<String, BigDecimal> used(List<Pod> ready) throws Unknown {
            Map<String, BigDecimal> used = new HashMap<>();
            if (evidence.usage() instanceof Usage.Known known) {
                for (Pod pod : ready) {
                    Optional.ofNullable(known.pods().get(name(pod)))
                            .flatMap(each -> each.of(resource, container))
                            .ifPresent(amount -> used.put(name(pod), amount));
                }
            }
            if (used.isEmpty()) {
                throw new Unknown("did not receive metrics for targeted pods (pods might be unready)");
            }
            return used;
        }

        private BigDecimal requested(Pod pod) throws Unknown {
            BigDecimal sum = BigDecimal.ZERO;
            for (Container each : pod.getSpec().getContainers()) {
                if (container.isPresent() && !container.get().equals(each.getName())) {
                    continue;
                }
                Quantity request =
                        each.getResources() == null || each.getResources().getRequests() == null
                                ? null
                                : each.getResources().getRequests().get(resource);
                if (request == null) {
                    throw new Unknown("missing request for %s in container %s of Pod %s"
                            .formatted(resource, each.getName(), name(pod)));
                }
                sum = sum.add(request.getNumericalAmount());
            }
            return sum;
        }

        /**
         * @param per   of each Pod, what its usage is compared with
         * @param share of that, which is wanted
         */
        private int count(
                PodGroups groups, Map<String, BigDecimal> used, Map<String, BigDecimal> per, BigDecimal share) {
            double ratio = ratio(used, per, share);
            boolean growsWithUnready = !groups.unready().isEmpty() && ratio > 1;
            if (!growsWithUnready && groups.missing().isEmpty()) {
                return isNear(ratio) ? evidence.current() : (int) Math.ceil(ratio * used.size());
            }
            Map<String, BigDecimal> assumed = assumed(groups, used, per, share, ratio);
            double careful = ratio(assumed, per, share);
            if (isNear(careful) || (ratio < 1 && careful > 1) || (ratio > 1 && careful < 1)) {
                return evidence.current();
            }
            int count = (int) Math.ceil(careful * assumed.size());
            boolean wrongWay = careful < 1 ? count > evidence.current() : count < evidence.current();
            return wrongWay ? evidence.current() : count;
        }

        /** What is not known is taken to speak against a change: much when there would be fewer, nothing when there would be more. */
        private static Map<String, BigDecimal> assumed(
                PodGroups groups,
                Map<String, BigDecimal> used,
                Map<String, BigDecimal> per,
                BigDecimal share,
                double ratio) {
            Map<String, BigDecimal> assumed = new HashMap<>(used);
            for (Pod pod : groups.missing()) {
                BigDecimal whole = per.getOrDefault(name(pod), BigDecimal.ZERO);
                assumed.put(name(pod), ratio < 1 ? whole.multiply(share.max(BigDecimal.ONE)) : BigDecimal.ZERO);
            }
            if (ratio > 1) {
                groups.unready().forEach(pod -> assumed.put(name(pod), BigDecimal.ZERO));
            }
            return assumed;
        }

        private static double ratio(Map<String, BigDecimal> used, Map<String, BigDecimal> per, BigDecimal share) {
            BigDecimal wanted = sum(of(per, used)).multiply(share);
            return wanted.signum() == 0 ? 1 : sum(used).doubleValue() / wanted.doubleValue();
        }

        private static Map<String, BigDecimal> of(Map<String, BigDecimal> all, Map<String, BigDecimal> names) {
            Map<String, BigDecimal> chosen = new HashMap<>(all);
            chosen.keySet().retainAll(names.keySet());
            return chosen;
        }

        private static boolean isNear(double ratio) {
            return Math.abs(1 - ratio) <= TOLERANCE;
        }

        private static BigDecimal sum(Map<String, BigDecimal> amounts) {
            return amounts.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        private static String name(Pod pod) {
            return pod.getMetadata().getName();
        }

        /** In thousandths of a core, or in bytes. */
        private Quantity quantity(BigDecimal amount) {
            return resource.equals("cpu")
                    ? Quantity.parse(amount.movePointRight(3)
                                    .setScale(0, RoundingMode.HALF_UP)
                                    .toPlainString() + "m")
                    : Quantity.parse(amount.setScale(0, RoundingMode.HALF_UP).toPlainString());
        }

        private MetricStatus status(MetricValueStatus current) {
            MetricStatusBuilder status = new MetricStatusBuilder();
            return container.isPresent()
                    ? status.withType("ContainerResource")
                            .withContainerResource(
                                    new ContainerResourceMetricStatus(container.get(), current, resource))
                            .build()
                    : status.withType("Resource")
                            .withResource(new ResourceMetricStatus(current, resource))
                            .build();
        }
    }
}

package dev.linnet.cli.up;

import dev.linnet.cli.UserError;
import dev.linnet.machine.address.PodRange;
import dev.linnet.machine.podproxy.Egress;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What Pods of a local cluster may reach. */
final class NetworkOptions {

    @Option(
            names = "--egress",
            description =
                    "Let Pods reach hosts outside of the cluster through their HTTP proxy (default: they are refused).")
    private boolean egressAllowed;

    @Option(
            names = "--pod-cidr",
            paramLabel = "CIDR",
            description = "Give Pods addresses of this range, which must be this machine's, instead of loopback ones.")
    private Optional<String> podCidr = Optional.empty();

    /** @throws UserError for what is no range */
    Optional<PodRange> podRange() {
        try {
            return podCidr.map(PodRange::parse);
        } catch (IllegalArgumentException e) {
            throw new UserError("--pod-cidr: " + e.getMessage(), e);
        }
    }

    Egress egress() {
        return egressAllowed ? Egress.open() : Egress.closed("linnet up --egress lets them");
    }
}

package dev.linnet.manifests;

import dev.linnet.routing.HostTls;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import java.util.List;

/**
 * What a translator made of some objects.
 *
 * @param rules    ordered within a host: the first that matches serves
 * @param tls      of each host about which somebody said something
 * @param problems what the authors of the objects should hear, without repetitions
 */
public record Translation(List<Rule> rules, List<HostTls> tls, List<Problem> problems) {
    public Translation {
        rules = List.copyOf(rules);
        tls = List.copyOf(tls);
        problems = List.copyOf(problems);
    }
}

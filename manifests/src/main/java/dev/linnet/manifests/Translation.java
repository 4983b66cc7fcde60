package dev.linnet.manifests;

import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import java.util.List;

/**
 * What a translator made of some objects.
 *
 * @param rules    ordered within a host: the first that matches serves
 * @param problems what the authors of the objects should hear, without repetitions
 */
public record Translation(List<Rule> rules, List<Problem> problems) {
    public Translation {
        rules = List.copyOf(rules);
        problems = List.copyOf(problems);
    }
}

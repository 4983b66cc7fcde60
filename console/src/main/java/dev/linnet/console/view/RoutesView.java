package dev.linnet.console.view;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the gateway obeys.
 *
 * @param text    what is searched for
 * @param hosts   with their rules
 * @param others  problems of objects that no rule comes from
 * @param problem why there is nothing to see; else empty
 */
public record RoutesView(Frame frame, String text, List<Host> hosts, List<Mistake> others, String problem) {
    public RoutesView {
        hosts = List.copyOf(hosts);
        others = List.copyOf(others);
    }

    /** As the address of the page says it. */
    public String query() {
        return "q=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What is wrong with an object, and what would be right. */
    public record Mistake(String object, String text) {}

    /** A host and its rules. */
    public record Host(String name, List<Rule> rules) {
        public Host {
            rules = List.copyOf(rules);
        }
    }

    /** @param type of the path: {@code Prefix}, {@code Exact} or {@code Regex} */
    public record Rule(String path, String type, List<Backend> backends) {
        public Rule {
            backends = List.copyOf(backends);
        }
    }

    /**
     * Where its requests go.
     *
     * @param side      {@code primary} or {@code canary}
     * @param share     in words
     * @param source    the object that says so
     * @param mistakes  what is wrong with that object
     * @param endpoints how many are ready
     * @param used      whether any request may go there
     */
    public record Backend(
            String side,
            String service,
            String share,
            String source,
            List<String> mistakes,
            int endpoints,
            boolean used) {
        public Backend {
            mistakes = List.copyOf(mistakes);
        }
    }
}

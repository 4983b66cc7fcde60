package dev.linnet.routing.policy;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;

/**
 * Whose requests are refused, wherever they go (ingress-nginx's ConfigMap; spec §3.11, step 2).
 *
 * @param addresses {@code block-cidrs}
 * @param agents    {@code block-user-agents}
 * @param referers  {@code block-referers}
 */
public record Blocked(AddressRanges addresses, List<Text> agents, List<Text> referers) {
    public static final Blocked NOBODY = new Blocked(AddressRanges.NONE, List.of(), List.of());

    public Blocked {
        agents = List.copyOf(agents);
        referers = List.copyOf(referers);
    }

    /** Which values of a header are meant, as nginx's {@code map} has it. */
    public sealed interface Text {
        boolean fits(String value);

        /** @param value in lower case: no case counts */
        record Whole(String value) implements Text {
            @Override
            public boolean fits(String other) {
                return value.equals(other.toLowerCase(Locale.ROOT));
            }
        }

        /** Somewhere in it. */
        record Found(Pattern pattern) implements Text {
            @Override
            public boolean fits(String other) {
                return pattern.matcher(other).find();
            }
        }
    }

    public boolean isNobody() {
        return addresses.isEmpty() && agents.isEmpty() && referers.isEmpty();
    }

    /** @param agent the User-Agent that a client names; empty if it names none */
    public boolean hasAgent(String agent) {
        return agents.stream().anyMatch(text -> text.fits(agent));
    }

    /** @param referer likewise */
    public boolean hasReferer(String referer) {
        return referers.stream().anyMatch(text -> text.fits(referer));
    }
}

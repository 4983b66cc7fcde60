package dev.linnet.apiserver.discovery;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order in which clients should prefer the versions of a custom group: {@code v2 v1 v1beta2 v1beta1 v1alpha1}, and then what
 * has another form. See Kubernetes' "Version priority".
 */
final class VersionOrder implements Comparator<String> {
    private static final Pattern VERSION = Pattern.compile("v([1-9][0-9]{0,8})(?:(alpha|beta)([1-9][0-9]{0,8}))?");

    /** @param stage 2 for a version that is stable, 1 for beta, 0 for alpha, -1 for what is no version */
    private record Rank(int stage, int major, int minor) {
        static Rank of(String version) {
            Matcher matcher = VERSION.matcher(version);
            if (!matcher.matches()) {
                return new Rank(-1, 0, 0);
            }
            int major = Integer.parseInt(matcher.group(1));
            if (matcher.group(2) == null) {
                return new Rank(2, major, 0);
            }
            return new Rank(matcher.group(2).equals("beta") ? 1 : 0, major, Integer.parseInt(matcher.group(3)));
        }
    }

    private static final Comparator<Rank> BEST_FIRST = Comparator.comparingInt(Rank::stage)
            .thenComparingInt(Rank::major)
            .thenComparingInt(Rank::minor)
            .reversed();

    @Override
    public int compare(String one, String other) {
        int byRank = BEST_FIRST.compare(Rank.of(one), Rank.of(other));
        return byRank != 0 ? byRank : one.compareTo(other);
    }
}

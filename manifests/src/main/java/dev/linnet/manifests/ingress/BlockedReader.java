package dev.linnet.manifests.ingress;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.AddressRanges.Range;
import dev.linnet.routing.policy.Blocked;
import dev.linnet.routing.policy.Blocked.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads whom the whole gateway refuses. What cannot be understood is a Problem, and the rest is obeyed. */
final class BlockedReader {
    private BlockedReader() {}

    static Blocked read(OptionText text) {
        return new Blocked(
                addresses(text, "block-cidrs"), texts(text, "block-user-agents"), texts(text, "block-referers"));
    }

    private static AddressRanges addresses(OptionText text, String key) {
        List<Range> ranges = new ArrayList<>();
        for (String element : text.list(key, List.of())) {
            AddressRanges.parse(element)
                    .ifPresentOrElse(
                            range -> ranges.addAll(range.ranges()),
                            () -> text.bad(key, element, AddressRanges.EXPECTED));
        }
        return new AddressRanges(ranges);
    }

    /** Separated by commas; blanks may be within. */
    private static List<Text> texts(OptionText text, String key) {
        List<Text> texts = new ArrayList<>();
        for (String element : text.text(key, "").split(",", -1)) {
            String value = element.strip();
            if (!value.isEmpty()) {
                text(text, key, value).ifPresent(texts::add);
            }
        }
        return texts;
    }

    /** {@code ~} begins an expression, {@code ~*} one for which case does not count. */
    private static Optional<Text> text(OptionText text, String key, String value) {
        if (!value.startsWith("~")) {
            return Optional.of(new Text.Whole(value.toLowerCase(Locale.ROOT)));
        }
        boolean anyCase = value.startsWith("~*");
        try {
            Pattern pattern = Pattern.compile(value.substring(anyCase ? 2 : 1), anyCase ? Pattern.CASE_INSENSITIVE : 0);
            return Optional.of(new Text.Found(pattern));
        } catch (PatternSyntaxException e) {
            text.bad(key, value, "an RE2 expression behind ~ or ~*, without look-around: " + e.getDescription());
            return Optional.empty();
        }
    }
}

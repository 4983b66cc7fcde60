package dev.linnet.manifests.ingress;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and sizes as nginx writes them. */
final class Sizes {
    static final String EXPECTED = "digits, and perhaps k, m or g";
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([kKmMgG]?)");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]{1,18}");

    private Sizes() {}

    static OptionalLong parse(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return OptionalLong.of(
                switch (matcher.group(2)) {
                    case "k", "K" -> number << 10;
                    case "m", "M" -> number << 20;
                    case "g", "G" -> number << 30;
                    default -> number;
                });
    }

    static OptionalLong wholeNumber(String text) {
        return WHOLE_NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}

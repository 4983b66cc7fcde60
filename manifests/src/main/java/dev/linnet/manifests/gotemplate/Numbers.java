package dev.linnet.manifests.gotemplate;

/** Numbers as templates write them. */
final class Numbers {
    private Numbers() {}

    static Value read(Token token) throws TemplateMistake {
        String plain = token.text().replace("_", "");
        try {
            return read(plain);
        } catch (NumberFormatException _) {
            throw new TemplateMistake(token.line(), token.text() + " is no number");
        }
    }

    private static Value read(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            int radix = switch (digits.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'b', 'B' -> 2;
                case 'o', 'O' -> 8;
                default -> 0;
            };
            if (radix > 0) {
                return whole(Long.parseLong(digits.substring(2), radix), negative);
            }
            if (digits.chars().allMatch(Character::isDigit)) {
                return whole(Long.parseLong(digits, 8), negative);
            }
        }
        return digits.chars().allMatch(Character::isDigit)
                ? whole(Long.parseLong(digits), negative)
                : new Value.Decimal(Double.parseDouble(text));
    }

    private static Value whole(long number, boolean negative) {
        return new Value.Whole(negative ? -number : number);
    }
}

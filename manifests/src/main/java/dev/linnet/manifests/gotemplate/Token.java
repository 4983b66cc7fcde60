package dev.linnet.manifests.gotemplate;

/**
 * A piece of a template.
 *
 * @param text  of a {@link Kind#TEXT}, {@link Kind#STRING} or {@link Kind#CHARACTER} what it means, else how it is written
 * @param joint whether it follows the one before without a space, as the field in {@code variables.first} does
 */
record Token(Kind kind, String text, int line, boolean joint) {
    enum Kind {
        /** Between two actions. */
        TEXT,
        OPEN,
        CLOSE,
        WORD,
        /** {@code .name}. */
        FIELD,
        DOT,
        /** {@code $name}. */
        VARIABLE,
        NUMBER,
        STRING,
        CHARACTER,
        /** {@code | ( ) , = :=}. */
        SIGN,
        END
    }

    boolean is(String sign) {
        return (kind == Kind.SIGN || kind == Kind.WORD) && text.equals(sign);
    }
}

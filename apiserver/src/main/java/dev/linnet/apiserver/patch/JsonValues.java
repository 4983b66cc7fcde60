package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;

/** Equality of JSON values as an API server sees it. */
final class JsonValues {
    /** Zero for equal scalars. 1 equals 1.0 and an int equals a long, because JSON has one kind of number. */
    private static final Comparator<JsonNode> SCALARS = (a, b) -> {
        boolean numbers = a.isNumber() && b.isNumber();
        boolean equal = numbers ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
        return equal ? 0 : 1;
    };

    private JsonValues() {}

    /** Fields of objects may stand in any order; elements of arrays may not. */
    static boolean same(JsonNode a, JsonNode b) {
        return a.equals(SCALARS, b);
    }
}
